package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private static final Admission WITHOUT_APP_ARMOR =
      new Admission(new Sysctls("kernel.msg*", " net.core.somaxconn"), false);

  @ParameterizedTest
  @ValueSource(strings = {
    "{}",
    "{'spec':{}}",
    "{'spec':{'containers':[{'name':'a'}]}}",
    "{'spec':{'hostNetwork':true,'hostPID':true,'hostIPC':true,'hostUsers':true,'containers':[]}}",
    "{'spec':{'shareProcessNamespace':true,'containers':[]}}",
    "{'spec':{'securityContext':{},'containers':[{'securityContext':null}]}}",
    "{'spec':{'containers':[{'securityContext':{'privileged':true,'allowPrivilegeEscalation':true,"
        + "'capabilities':{'add':['SYS_ADMIN']},'seccompProfile':{'type':'RuntimeDefault'}}}]}}",
    "{'spec':{'containers':[{'securityContext':{'runAsUser':1,'runAsGroup':2,'runAsNonRoot':true,"
        + "'readOnlyRootFilesystem':true,'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']},"
        + "'procMount':'Unmasked','appArmorProfile':{'type':'Unconfined'}}}]}}",
    "{'spec':{'containers':[{'tty':true,'stdin':true,'stdinOnce':true}]}}",
    "{'spec':{'containers':[{'volumeMounts':[{'mountPath':'/a','mountPropagation':'HostToContainer'}]}]}}",
    "{'spec':{'containers':[{'volumeMounts':[{'readOnly':true,'recursiveReadOnly':'IfPossible'}]}]}}",
    "{'spec':{'containers':[{'securityContext':{'privileged':true},"
        + "'volumeMounts':[{'mountPath':'/a','mountPropagation':'Bidirectional'}]}]}}",
    "{'spec':{'securityContext':{'runAsUser':0,'fsGroup':1,'supplementalGroups':[5],'fsGroupChangePolicy':'Always',"
        + "'supplementalGroupsPolicy':'Merge','sysctls':[{'name':'net.ipv4.tcp_syncookies','value':'0'},"
        + "{'name':'kernel/msgmax','value':'1'},{'name':'net.core.somaxconn','value':'1'}]}}}",
    "{'spec':{'dnsConfig':{'nameservers':['1.1.1.1']},'hostAliases':[{'ip':'1.1.1.1'}],'setHostnameAsFQDN':true}}",
    "{'spec':'nonsense'}",
    "{'spec':{'containers':[{'lifecycle':{'stopSignal':'SIGRTMIN+3'}}]}}",
    "{'spec':{'containers':'nonsense','securityContext':{'sysctls':'nonsense'}}}"})
  void runs(String manifest) {
    assertEquals(Optional.empty(), check(manifest));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'hostUsers':false}|spec.hostUsers",
    "{'securityContext':{'supplementalGroupsPolicy':'Strict'}}|spec.securityContext.supplementalGroupsPolicy",
    "{'securityContext':{'seLinuxOptions':{'level':'s0'}}}|spec.securityContext.seLinuxOptions",
    "{'securityContext':{'windowsOptions':{'hostProcess':true}}}|spec.securityContext.windowsOptions",
    "{'securityContext':{'notYetInvented':true}}|spec.securityContext.notYetInvented",
    "{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}|spec.securityContext.appArmorProfile",
    "{'containers':[{},{'securityContext':{'notYetInvented':1}}]}|spec.containers[1].securityContext.notYetInvented",
    "{'containers':[{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}]}"
        + "|spec.containers[0].securityContext.appArmorProfile",
    "{'ephemeralContainers':[{'securityContext':{'seLinuxOptions':{'level':'s0'}}}]}"
        + "|spec.ephemeralContainers[0].securityContext.seLinuxOptions",
    "{'initContainers':[{'securityContext':{'procMount':'Half'}}]}"
        + "|spec.initContainers[0].securityContext.procMount",
    "{'containers':[{'volumeDevices':[{'name':'a'}]}]}|spec.containers[0].volumeDevices",
    "{'containers':[{'volumeMounts':[{},{'readOnly':true,'recursiveReadOnly':'Enabled'}]}]}"
        + "|spec.containers[0].volumeMounts[1].recursiveReadOnly"})
  void isRefusedByField(String spec, String field) {
    Refusal refusal = check("{'spec':" + spec + "}").orElseThrow();
    assertEquals(field, refusal.field());
    assertEquals(Refusal.POD_FEATURE_UNSUPPORTED, refusal.reason());
    assertTrue(refusal.message().startsWith(field), refusal.message());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'hostPID':true,'shareProcessNamespace':true}|spec.shareProcessNamespace",
    "{'containers':[{'lifecycle':{'stopSignal':'SIGNAL'}}]}|spec.containers[0].lifecycle.stopSignal",
    "{'containers':[{'securityContext':{'privileged':true,'allowPrivilegeEscalation':false}}]}"
        + "|spec.containers[0].securityContext.allowPrivilegeEscalation",
    "{'containers':[{'securityContext':{'capabilities':{'add':['cap_sys_admin']},'allowPrivilegeEscalation':false}}]}"
        + "|spec.containers[0].securityContext.allowPrivilegeEscalation",
    "{'containers':[{'volumeMounts':[{},{'mountPropagation':'Bidirectional'}]}]}"
        + "|spec.containers[0].volumeMounts[1].mountPropagation",
    "{'containers':[{'volumeMounts':[{'recursiveReadOnly':'IfPossible'}]}]}"
        + "|spec.containers[0].volumeMounts[0].recursiveReadOnly"})
  void whatContradictsItselfIsRefused(String spec, String field) {
    Refusal refusal = check("{'spec':" + spec + "}").orElseThrow();
    assertEquals(field, refusal.field());
    assertEquals("UnexpectedAdmissionError", refusal.reason());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'securityContext':{'sysctls':[{'name':'vm.swappiness','value':'1'}]}}|vm.swappiness",
    "{'securityContext':{'sysctls':[{'name':'net.ipv4.ip_forward','value':'1'}]}}|net.ipv4.ip_forward",
    "{'securityContext':{'sysctls':[{'name':'net/ipv4/ip_forward','value':'1'}]}}|net.ipv4.ip_forward",
    "{'hostNetwork':true,'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_syncookies','value':'1'}]}}"
        + "|net.ipv4.tcp_syncookies",
    "{'hostIPC':true,'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'1'}]}}|kernel.msgmax",
    "{'securityContext':{'sysctls':['nonsense']}}|null"})
  void aSettingOfTheKernelThatIsNotThePodsIsForbidden(String spec, String name) {
    Refusal refusal = check("{'spec':" + spec + "}").orElseThrow();
    assertEquals("spec.securityContext.sysctls[0].name", refusal.field());
    assertEquals("SysctlForbidden", refusal.reason());
    assertTrue(refusal.message().startsWith("forbidden sysctl: \"" + name + "\""), refusal.message());
  }

  @Test
  void whatTheRuntimeCanDoForTheHandlerCounts() {
    PodRequest pod =
        request("{'spec':{'containers':[{'volumeMounts':[{'readOnly':true,'recursiveReadOnly':'Enabled'}]}]}}");
    assertTrue(WITHOUT_APP_ARMOR.check(pod, List.of("userNamespaces")).isPresent());
    assertEquals(Optional.empty(), WITHOUT_APP_ARMOR.check(pod, List.of("recursiveReadOnlyMounts")));
    PodRequest armored = request("{'spec':{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}}");
    assertEquals(Optional.empty(), new Admission(new Sysctls(), true).check(armored, List.of()));
  }

  private static Optional<Refusal> check(String json) {
    return WITHOUT_APP_ARMOR.check(request(json), List.of());
  }

  @SuppressWarnings("unchecked")
  private static PodRequest request(String json) {
    return new PodRequest(Pods.POD, "", new Gson().fromJson(json, Map.class));
  }
}
