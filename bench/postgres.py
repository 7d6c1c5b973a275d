"""Durable creates and cancels over PostgreSQL, beside pgbench with the two statements that are the least of each.

The database has a core to itself in both; who speaks to it shares the other: pgbench, or Disburse and the load.
"""

from programs import LOAD_CORE, Disburse, Postgres, fill, wrk
from rounds import check_clean, in_turns, line

CONNECTIONS = (1, 8, 64, 256)
HALF_LOAD_CONNECTIONS = 64
PGBENCH_CLIENTS = (8, 32, 64, 128)
LINKS_TO_CANCEL = 400_000  # of pgbench's

SCHEMA = """
create sequence link_ids;
create table link (merchant_id bigint not null, link_id bigint not null, version bigint not null, state smallint not null,
  amount_paise bigint not null, dialect text not null, reference text not null, purpose text not null,
  description text not null, name text not null, phone text not null, email text not null, created_at bigint not null,
  cancelled_at bigint, primary key (merchant_id, link_id));
create unique index link_reference on link (merchant_id, reference);
create table outbox (merchant_id bigint not null, task_id bigint not null, kind smallint not null, due_at bigint not null,
  link_id bigint not null, primary key (merchant_id, task_id));
create index outbox_due on outbox (due_at, task_id);
"""
# One transaction of two statements each; the second form sends all four without waiting in between.
CREATE = """begin;
insert into link values (1, nextval('link_ids'), 1, 2, 1000, 'razorpay', 'ref-' || lastval(), 'refund', 'Refund',
  'Gaurav Kumar', '+919000090000', 'gaurav.kumar@example.com', 1700000000000, null);
insert into outbox values (1, lastval(), 3, 1700000000000, lastval());
end;
"""
# The ids are shuffled over the table, so that links are cancelled in no order. One in so many is met a second time.
CANCEL = """\\set id random(1, {links})
begin;
update link set state = 5, version = version + 1, cancelled_at = 1700000000001 where merchant_id = 1 and link_id = :id;
insert into outbox values (1, nextval('link_ids'), 4, 1700000000001, :id);
end;
"""


def in_a_pipeline(script):
    head, begin, body = script.partition("begin;\n")
    return f"{head}\\startpipeline\n{begin}{body}\\endpipeline\n"


class Stage:
    """The database with both schemas in it, and a node over it."""

    def __init__(self, settings, script):
        self.settings = settings
        self.postgres = Postgres(settings.folder / "postgres")
        self.postgres.run(SCHEMA)
        self.postgres.run("create database disburse")
        self.store = self.postgres.url("disburse")
        self.scripts = {}
        for name, text in (("one by one", script), ("in a pipeline", in_a_pipeline(script))):
            self.scripts[name] = settings.folder / f"{name.replace(' ', '_')}.sql"
            self.scripts[name].write_text(text)

    def disburse(self):
        return Disburse(self.settings.folder / "data", options=["--store", self.store], core=LOAD_CORE)

    def pgbench(self, clients, how):
        return self.postgres.pgbench(self.scripts[how], clients, self.settings.seconds)

    def best_clients(self, how):
        return max(PGBENCH_CLIENTS, key=lambda clients: self.pgbench(clients, how)["per_second"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.postgres.stop()


def create(settings):
    with Stage(settings, CREATE) as stage, stage.disburse() as disburse:

        def act(connections, pause_ms=0):
            environment = {**disburse.environment(), "BENCH_PAUSE_MS": str(pause_ms)}
            return check_clean(wrk(disburse.url, "create.lua", connections, settings.seconds, environment), "create")

        yield from beside_pgbench(stage, disburse, act)


def cancel(settings):
    with Stage(settings, CANCEL.format(links=LINKS_TO_CANCEL)) as stage:
        stage.postgres.run(f"insert into link select 1, n, 1, 2, 1000, 'razorpay', 'ref-' || n, 'refund', 'Refund', 'Gaurav Kumar', "
                           f"'+919000090000', 'gaurav.kumar@example.com', 1700000000000, null from generate_series(1, {LINKS_TO_CANCEL}) n")
        stage.postgres.run(f"select setval('link_ids', {LINKS_TO_CANCEL})")
        stage.disburse().stop()
        ids = settings.folder / "ids"
        fill(settings.folder / "data", settings.cancels * settings.seconds * settings.rounds * (len(CONNECTIONS) + 1), ids, store=stage.store)
        part = settings.folder / "part"
        with stage.disburse() as disburse, ids.open() as all_ids:

            def act(connections, pause_ms=0):
                part.write_text("".join(all_ids.readline().split()[0] + "\n" for _ in range(settings.cancels * settings.seconds)))
                environment = {**disburse.environment(), "BENCH_IDS": str(part), "BENCH_PAUSE_MS": str(pause_ms)}
                return check_clean(wrk(disburse.url, "cancel.lua", connections, settings.seconds, environment), "cancel")

            yield from beside_pgbench(stage, disburse, act)


def beside_pgbench(stage, disburse, act):
    settings = stage.settings
    best = {how: stage.best_clients(how) for how in stage.scripts}
    at_64 = None
    for connections in CONNECTIONS:
        def ours(_):
            return counted(disburse, lambda: act(connections))

        figure, reference, pipelined = in_turns(
            settings.rounds, ours, *[lambda _, how=how: stage.pgbench(best[how], how) for how in stage.scripts])
        yield line(
            figure, f"pgbench, one transaction of two statements, {best['one by one']} clients", reference,
            connections=connections, rounds=settings.rounds, commits_per_request=precise(figure["commits_per_request"]),
            round_trips_per_request=precise(figure["round_trips_per_request"]),
            reference_p50_us=reference["p50_us"], reference_p99_us=reference["p99_us"],
            pipelined_per_second=pipelined["per_second"], pipelined_clients=best["in a pipeline"],
            pipelined_ratio=round(figure["per_second"] / pipelined["per_second"], 3))
        if connections == HALF_LOAD_CONNECTIONS:
            at_64 = figure
    # Half of what it can do: each connection waits for as long as two requests take when all is asked for.
    pause = max(1, round(2_000 * HALF_LOAD_CONNECTIONS / at_64["per_second"] - at_64["p50_us"] / 2_000))
    half = in_turns(settings.rounds, lambda _: act(HALF_LOAD_CONNECTIONS, pause))[0]
    yield line(half, "the same at full load", at_64, connections=HALF_LOAD_CONNECTIONS, rounds=settings.rounds)


def counted(disburse, act):
    names = {"commits_per_request": "commits_total", "round_trips_per_request": "store_round_trips_total"}
    before = {key: disburse.metric(name) for key, name in names.items()}
    result = act()
    for key, name in names.items():
        result[key] = (disburse.metric(name) - before[key]) / max(result["requests"], 1)
    return result


def precise(number):
    return float(f"{number:.3g}")
