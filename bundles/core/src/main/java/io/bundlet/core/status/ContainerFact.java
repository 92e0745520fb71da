package io.bundlet.core.status;

import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.store.ContainerRecord;
import io.fabric8.kubernetes.api.model.Container;

/**
 * All that is known of one container.
 *
 * @param manifest as it is wanted
 * @param snapshot as it is now
 * @param record what is remembered of it
 */
public record ContainerFact(Container manifest, ContainerSnapshot snapshot, ContainerRecord record) {}
