package io.bundlet.probe.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The method {@code Check} of the service {@code grpc.health.v1.Health}. Its request is the name of a service in field
 * 1, its answer a number in field 1: {@code 0 UNKNOWN, 1 SERVING, 2 NOT_SERVING, 3 SERVICE_UNKNOWN}. Code for two
 * fields is not worth a generator; further fields are skipped, as the wire format asks for.
 */
final class HealthMethod {
  static final int SERVING = 1;
  static final MethodDescriptor<String, Integer> CHECK =
      MethodDescriptor.<String, Integer>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(new ServiceName())
          .setResponseMarshaller(new ServingStatus())
          .build();

  private static final int FIELD = 1;
  /** Field 1 as bytes with their length, and as a number. */
  private static final int TEXT = FIELD << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int NUMBER = FIELD << 3 | WireFormat.WIRETYPE_VARINT;

  private HealthMethod() {}

  /** The word for a number, as the protocol has it. */
  static String word(int status) {
    return switch (status) {
      case 0 -> "UNKNOWN";
      case SERVING -> "SERVING";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> Integer.toString(status);
    };
  }

  private static final class ServiceName implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String service) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        if (!service.isEmpty()) {
          out.writeString(FIELD, service);
        }
        out.flush();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public String parse(InputStream stream) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(stream);
        String service = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (tag == TEXT) {
            service = in.readString();
          } else {
            in.skipField(tag);
          }
        }
        return service;
      } catch (IOException malformed) {
        throw unreadable(malformed);
      }
    }
  }

  private static final class ServingStatus implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer status) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeEnum(FIELD, status);
        out.flush();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(stream);
        int status = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (tag == NUMBER) {
            status = in.readEnum();
          } else {
            in.skipField(tag);
          }
        }
        return status;
      } catch (IOException malformed) {
        throw unreadable(malformed);
      }
    }
  }

  private static RuntimeException unreadable(IOException malformed) {
    return Status.INTERNAL
        .withDescription("the answer is no message of the health protocol").withCause(malformed).asRuntimeException();
  }
}
