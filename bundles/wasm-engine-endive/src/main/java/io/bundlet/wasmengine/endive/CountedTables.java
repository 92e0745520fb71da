package io.bundlet.wasmengine.endive;

import run.endive.runtime.Instance;
import run.endive.runtime.TableFactory;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;

/**
 * The tables of one instance, which share a number of elements. Tables are arrays in the kubelet's heap; without this a
 * guest could grow one until the kubelet is out of memory.
 */
final class CountedTables implements TableFactory {
  private long left;

  CountedTables(long elements) {
    left = elements;
  }

  @Override
  public TableInstance create(Table table, int initial) {
    left -= table.limits().min();
    return new Counted(table, initial);
  }

  private boolean take(int more, int size, long most) {
    if (more < 0 || more > left || (long) size + more > most) {
      return false;
    }
    left -= more;
    return true;
  }

  private final class Counted extends TableInstance {
    Counted(Table table, int initial) {
      super(table, initial);
    }

    @Override
    public int grow(int more, int value, Instance instance) {
      return take(more, size(), limits().max()) ? super.grow(more, value, instance) : -1;
    }

    @Override
    public int growWithRef(int more, Object value, Instance instance) {
      return take(more, size(), limits().max()) ? super.growWithRef(more, value, instance) : -1;
    }
  }
}
