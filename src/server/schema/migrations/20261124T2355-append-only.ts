import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * An item is never changed, but for the quarter hour of its release, which is forgotten; and it is never taken away while
 * anybody can still open its case: erasing a case begins with its wraps.
 */
export const appendOnly: Migration = {
  id: '20261124T2355-append-only',
  up: async (tx) => {
    await sql`
      create function items_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'TRUNCATE' then
          raise exception 'items are append-only' using errcode = 'restrict_violation';
        end if;
        if tg_op = 'UPDATE' then
          if new.release_at_quarter is null
            and (new.case_id, new.id, new.epoch, new.body, new.size_class, new.direction, new.fmt)
              = (old.case_id, old.id, old.epoch, old.body, old.size_class, old.direction, old.fmt) then
            return new;
          end if;
          raise exception 'items are append-only' using errcode = 'restrict_violation';
        end if;
        if exists (select from wraps where case_id = old.case_id) then
          raise exception 'items are append-only' using errcode = 'restrict_violation';
        end if;
        return old;
      end $$`.execute(tx)
    await sql`create trigger items_append_only before update or delete on items
      for each row execute function items_append_only()`.execute(tx)
    await sql`create trigger items_never_truncated before truncate on items
      for each statement execute function items_append_only()`.execute(tx)
  },
}
