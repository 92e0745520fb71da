package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "{}",
    "{'spec':{}}",
    "{'spec':{'containers':[{'name':'a'}]}}",
    "{'spec':{'hostNetwork':true,'hostPID':false,'hostUsers':true,'containers':[]}}",
    "{'spec':{'securityContext':{},'containers':[{'securityContext':null}]}}",
    "{'spec':{'containers':[{'securityContext':{'privileged':false,'allowPrivilegeEscalation':true,"
        + "'capabilities':{'add':[]},'seccompProfile':{'type':'RuntimeDefault'}}}]}}",
    "{'spec':{'containers':[{'volumeMounts':[{'mountPath':'/a','mountPropagation':'None'}]}]}}",
    "{'spec':{'securityContext':{'supplementalGroups':[],'fsGroupChangePolicy':'Always'}}}",
    "{'spec':{'dnsConfig':{'nameservers':['1.1.1.1']},'hostAliases':[{'ip':'1.1.1.1'}],'setHostnameAsFQDN':true}}",
    "{'spec':'nonsense'}",
    "{'spec':{'containers':'nonsense'}}"})
  void runs(String manifest) {
    assertEquals(Optional.empty(), check(manifest));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'hostPID':true}|spec.hostPID",
    "{'hostIPC':true}|spec.hostIPC",
    "{'hostUsers':false}|spec.hostUsers",
    "{'shareProcessNamespace':true}|spec.shareProcessNamespace",
    "{'securityContext':{'runAsUser':1000}}|spec.securityContext.runAsUser",
    "{'securityContext':{'runAsUser':0}}|spec.securityContext.runAsUser",
    "{'securityContext':{'fsGroup':1}}|spec.securityContext.fsGroup",
    "{'securityContext':{'runAsNonRoot':true}}|spec.securityContext.runAsNonRoot",
    "{'securityContext':{'sysctls':[{'name':'a','value':'b'}]}}|spec.securityContext.sysctls",
    "{'securityContext':{'notYetInvented':true}}|spec.securityContext.notYetInvented",
    "{'containers':[{},{'securityContext':{'privileged':true}}]}|spec.containers[1].securityContext.privileged",
    "{'containers':[{'securityContext':{'capabilities':{'drop':['ALL']}}}]}"
        + "|spec.containers[0].securityContext.capabilities",
    "{'containers':[{'securityContext':{'allowPrivilegeEscalation':false}}]}"
        + "|spec.containers[0].securityContext.allowPrivilegeEscalation",
    "{'containers':[{'securityContext':{'readOnlyRootFilesystem':true}}]}"
        + "|spec.containers[0].securityContext.readOnlyRootFilesystem",
    "{'containers':[{'securityContext':{'seccompProfile':{'type':'Unconfined'}}}]}"
        + "|spec.containers[0].securityContext.seccompProfile",
    "{'containers':[{'securityContext':{'seccompProfile':{'type':'RuntimeDefault','localhostProfile':'x'}}}]}"
        + "|spec.containers[0].securityContext.seccompProfile",
    "{'containers':[{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}]}"
        + "|spec.containers[0].securityContext.appArmorProfile",
    "{'ephemeralContainers':[{'securityContext':{'privileged':true}}]}"
        + "|spec.ephemeralContainers[0].securityContext.privileged",
    "{'initContainers':[{'securityContext':{'procMount':'Unmasked'}}]}"
        + "|spec.initContainers[0].securityContext.procMount",
    "{'containers':[{'tty':true}]}|spec.containers[0].tty",
    "{'containers':[{'volumeDevices':[{'name':'a'}]}]}|spec.containers[0].volumeDevices",
    "{'containers':[{'lifecycle':{'stopSignal':'SIGINT'}}]}|spec.containers[0].lifecycle.stopSignal",
    "{'containers':[{'volumeMounts':[{},{'mountPropagation':'Bidirectional'}]}]}"
        + "|spec.containers[0].volumeMounts[1].mountPropagation"})
  void isRefusedByField(String spec, String field) {
    Refusal refusal = check("{'spec':" + spec + "}").orElseThrow();
    assertEquals(field, refusal.field());
    assertEquals(Refusal.POD_FEATURE_UNSUPPORTED, refusal.reason());
    assertTrue(refusal.message().startsWith(field), refusal.message());
  }

  @Test
  void asksNothingOfTheRuntime() {
    assertEquals(Optional.empty(), Admission.check(new PodRequest(Pods.POD, "", Map.of())));
  }

  @SuppressWarnings("unchecked")
  private static Optional<Refusal> check(String json) {
    return Admission.check(new PodRequest(Pods.POD, "", new Gson().fromJson(json, Map.class)));
  }
}
