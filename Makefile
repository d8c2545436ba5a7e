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
	@$(MVN) -q -DskipTests package
	@touch $@

test:
	@scripts/test-tools
	$(MVN) verify

format:
	$(MVN) -q spotless:apply

clean:
	$(MVN) -q clean

BENCH = "$${JAVA_HOME:-$$(dirname $$(dirname $$(readlink -f $$(command -v java))))}/bin/java" -cp "standalone/target/test-classes:standalone/target/lib/*"

.PHONY: bench-hold-heap
bench-hold-heap: $(BUILT)
	@$(BENCH) megacomet.bench.HoldHeapBench

.PHONY: conformance-peers
conformance-peers:
	@scripts/conformance-peers
