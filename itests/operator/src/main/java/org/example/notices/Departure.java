package org.example.notices;

/** Why a machine is to come to its end. */
enum Departure {
  /** Somebody has deleted the notice; our finalizer keeps it until everything of it is gone. */
  DELETED,
  /** It is not there any more: somebody took our finalizer off. */
  GONE
}
