/**
 * A controller as a vendor writes one: for a custom resource {@code Notice}, whose text it posts as a ConfigMap on
 * behalf of the node that the notice names.
 *
 * <p>{@link org.example.notices.NoticeController} hears of the notices and gives each its own machine. {@link
 * org.example.notices.NoticeTransitions} is the table of all moves; the states stand beside it, a class each. {@link
 * org.example.notices.NoticeWork} is what a machine knows of its notice, and {@link org.example.notices.Board} all that
 * it can do in the cluster. Nothing is remembered but in the objects themselves: each act first looks at what is there,
 * so that a machine which begins anew, after the death of the node or the exchange of this bundle, does nothing twice.
 */
package org.example.notices;
