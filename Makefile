# What a developer and CI do, in one place. `make run` and `make test` are all you need to know.

MVN = mvn -B -ntp
SOURCES := $(shell find . -path ./node_modules -prune -o -name target -prune -o \( -name '*.java' -o -path '*/src/main/resources/*' -o -name pom.xml \) -print)
BUILT = standalone/target/lib/.built

.PHONY: run build test clean format

run: $(BUILT)
	@exec bin/megacomet standalone --open --log-level warn

build: $(BUILT)

$(BUILT): $(SOURCES)
	@echo "building"
	@rm -rf $(dir $@) # else a library of an earlier version would be on the class path as well
	@$(MVN) -q -DskipTests package
	@touch $@

test:
	@scripts/test-tools
	$(MVN) -T 2 verify

# Stock Bayeux clients at length: a thousand messages to each; ten thousand to those that acknowledge, while a gateway is
# killed every ten seconds.
.PHONY: test-bayeux-long
test-bayeux-long:
	@scripts/test-tools
	$(MVN) verify -pl standalone -am -Dtest=None '-Dit.test=StockClientsIT,KilledGatewaysIT' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dmegacomet.bayeux.messagesOfOthers=1000 -Dmegacomet.bayeux.messages=10000 -Dmegacomet.bayeux.killEveryMs=10000

# Two minutes of chaos for each shape of Redis, and every attack of a siege.
.PHONY: test-long
test-long:
	$(MVN) verify -pl standalone -am -Dtest=None '-Dit.test=ChaosIT,SiegeIT' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dmegacomet.chaos.seconds=120 \
	  -Dmegacomet.chaos.shapes=standalone,sentinel,cluster \
  -Dmegacomet.siege.attacks=all -Dmegacomet.siege.seconds=300

# Twenty seeds of three minutes each, one after the other, over the shapes of Redis; SEEDS and DURATION make it other. The log
# goes into loadtest/results/.
.PHONY: chaos-seeds
chaos-seeds: $(BUILT)
	@scripts/chaos-seeds

# Browsers come and go for DURATION, in six rounds, and gateways must be back to base after each. OPTIONS are further ones of
# `loadtest soak`.
.PHONY: soak
soak: DURATION ?= 10m
soak: $(BUILT)
	@bin/megacomet loadtest soak --duration $(DURATION) $(OPTIONS)

# Every attack, one after the other, while honest browsers wait. OPTIONS are further ones of `loadtest siege`, as --attack NAME.
.PHONY: siege
siege: DURATION ?= 3m
siege: $(BUILT)
	@bin/megacomet loadtest siege --duration $(DURATION) $(OPTIONS)

# The waiting room in virtual time. One seed with all that happens in it: make simulate FIRST=106037. A million seeds, on all
# cores: make simulate-million; FIRST, SEEDS and THREADS change that. Each seed that fails is printed with how to replay it.
SIMULATE = $(MVN) verify -pl gateway -am -Dtest=WaitingRoomSimulation -Dsurefire.failIfNoSpecifiedTests=false -DskipITs
FIRST ?= 1
THREADS ?= $(shell nproc)

.PHONY: simulate
simulate: SEEDS ?= 1
simulate:
	$(SIMULATE) -Dmegacomet.simulation.first=$(FIRST) -Dmegacomet.simulation.seeds=$(SEEDS) -Dmegacomet.simulation.trace=true

.PHONY: simulate-million
simulate-million: SEEDS ?= 1000000
simulate-million:
	$(SIMULATE) -Dmegacomet.simulation.first=$(FIRST) -Dmegacomet.simulation.seeds=$(SEEDS) -Dmegacomet.simulation.threads=$(THREADS)

# Coverage-guided fuzzing of every way in: DURATION seconds each, or ONLY one of them. What is found stays in the corpus.
.PHONY: fuzz
fuzz: DURATION ?= 60
fuzz:
	$(MVN) verify -pl standalone -am -Dtest=CorpusTest -Dit.test=FuzzIT -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dfailsafe.failIfNoSpecifiedTests=false -Dmegacomet.fuzz.seconds=$(DURATION) -Dmegacomet.fuzz.only=$(ONLY)

format:
	$(MVN) -q spotless:apply

clean:
	$(MVN) -q clean

BENCH = "$${JAVA_HOME:-$$(dirname $$(dirname $$(readlink -f $$(command -v java))))}/bin/java" -cp "standalone/target/test-classes:standalone/target/lib/*"

.PHONY: bench-hold-heap
bench-hold-heap: $(BUILT)
	@$(BENCH) megacomet.bench.HoldHeapBench

.PHONY: bench-bayeux-heap
bench-bayeux-heap: $(BUILT)
	@$(BENCH) megacomet.bench.BayeuxHeapBench

# JMH: the hot paths with what they allocate; ONLY chooses by a regular expression.
.PHONY: bench-jmh
bench-jmh: ONLY ?= .*
bench-jmh:
	$(MVN) verify -pl gateway -am -Dtest=HotPathsBench -Dsurefire.failIfNoSpecifiedTests=false -DskipITs '-Dmegacomet.jmh.only=$(ONLY)'

.PHONY: conformance-peers
conformance-peers:
	@scripts/conformance-peers

# A million held long-polls through the whole product on this machine; BROWSERS, RATE and DURATION make it smaller.
.PHONY: bench-million
bench-million: $(BUILT)
	@scripts/bench-million

# CPU beside Nchan: for each of 19,000 followers; for loops of publishing, delivering and polling again.
.PHONY: bench-fanout bench-loops
bench-fanout bench-loops: bench-%: $(BUILT)
	@scripts/bench-beside $*

.PHONY: bench-redis-commands bench-first-polls bench-gc
bench-redis-commands: $(BUILT)
	@$(BENCH) megacomet.bench.RedisCommandsBench

bench-first-polls: $(BUILT)
	@$(BENCH) megacomet.bench.FirstPollsBench

bench-gc: $(BUILT)
	@$(BENCH) megacomet.bench.GcPausesBench $(COLLECTORS)

# The 99th percentile at half of the greatest rate; how many gateway processes and event loops are best.
.PHONY: bench-latency bench-workers
bench-latency bench-workers: bench-%: $(BUILT)
	@scripts/bench-$*

# The same load on MegaComet's peer, Nchan, without and with Redis.
.PHONY: bench-nchan
bench-nchan: $(BUILT)
	@scripts/bench-nchan 20200 deliver -n 10000 --rate 500 --duration 30s
	@scripts/bench-nchan --redis 20200 deliver -n 10000 --rate 500 --duration 30s
