/**
 * Runs WASI commands as pods. A translator and nothing more: it says which pods it can run, turns a resolved container
 * into a description for the wasm host, and passes everything else through. It holds no running guest, so it can be
 * updated while its pods run on; what it remembers is the list of those who listen, and that is made again by them.
 *
 * <p><b>What a guest gets.</b> {@code argv[0]} is the first element of {@code command}, else the module's file name;
 * the rest of {@code command} and {@code args} follow. {@code env} reaches it as it is, with {@code PWD} for {@code
 * workingDir}. Volumes are its directories, and a single file is seen in a directory in which there is nothing else but
 * such files; so are the pod's {@code /etc/hosts} and the file at {@code terminationMessagePath}, where no directory is
 * mounted over them. It sees nothing else of the host. Output goes to the log. A memory limit, or else the provider's
 * default, caps its memory. The pod's annotation {@code bundlet.io/wasm-engine} chooses the engine; without it the
 * module gets one that has what it needs. {@link io.bundlet.wasi.PodAnnotations} has what else pods can ask for.
 *
 * <p><b>What is refused</b> with {@code PodFeatureUnsupported} is listed in {@link io.bundlet.wasi.Refused}: whatever
 * asks for another user, for the host's namespaces or devices, or for a process or socket inside that cannot be there.
 * The sockets that can be are those that a guest is given: one for each port of a container, if the pod asks for them.
 *
 * <p><b>What makes no difference</b>, because a guest has no privileges, no root file system, no network and no
 * signals: {@code readOnlyRootFilesystem}, {@code allowPrivilegeEscalation}, {@code capabilities.drop}, {@code
 * seccompProfile}, {@code appArmorProfile}, {@code procMount}, {@code fsGroup}, {@code hostNetwork}, {@code dnsPolicy},
 * {@code dnsConfig}, {@code ports} unless they become sockets, {@code stopSignal}.
 *
 * <p>A limit of CPU holds where the kernel lets the node keep threads in control groups (condition {@code
 * CpuLimitsEnforced}); elsewhere guests only run at low priority.
 */
package io.bundlet.wasi;
