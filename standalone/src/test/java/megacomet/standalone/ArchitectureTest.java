package megacomet.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.MessageDigest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom: docs/decisions/0001 and docs/hacking.md, over all that is on this module's class path. */
class ArchitectureTest {

    private static final String REDIS = "megacomet.redis..";
    private static final String MODEL = "megacomet.model..";
    private static final String WEB = "megacomet.web..";
    private static final String GATEWAY = "megacomet.gateway..";
    private static final String PUBLISHER = "megacomet.publisher..";
    private static final String STANDALONE = "megacomet.standalone..";
    private static final String EMBEDDED = "megacomet.embedded..";
    private static final String LOADTEST = "megacomet.loadtest..";
    private static final String[] HTTP = {"io.vertx.core.http..", "io.vertx.ext..", "io.netty..", "java.net.http..", WEB
    };

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(place -> !place.contains("-tests.jar"))
                .importPackages("megacomet");
        for (String part : new String[] {"redis", "model", "web", "gateway", "publisher", "standalone", "embedded"}) {
            assertFalse(
                    product.stream().noneMatch(type -> type.getPackageName().startsWith("megacomet." + part)),
                    "no class of megacomet." + part + " was looked at");
        }
    }

    @Test
    void holdKnowsNeitherHttpNorTransports() {
        String hold = "megacomet.gateway.hold..";
        noClasses()
                .that()
                .resideInAPackage(hold)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HTTP)
                .check(product);
        noClasses()
                .that()
                .resideInAPackage(hold)
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of the gateway and not of hold",
                        type -> type.getPackageName().startsWith("megacomet.gateway")
                                && !type.getPackageName().startsWith("megacomet.gateway.hold")))
                .check(product);
    }

    @Test
    void onlyTheStoreKnowsTheRedisClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage(REDIS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.redis..")
                .check(product);
    }

    @Test
    void theStoreKnowsNoHttpAndNobodyWhoUsesIt() {
        noClasses()
                .that()
                .resideInAnyPackage(REDIS, MODEL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx.core.http..", "io.vertx.ext..", WEB, GATEWAY, PUBLISHER, STANDALONE, EMBEDDED)
                .check(product);
    }

    @Test
    void theModelKnowsNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage(MODEL)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(MODEL, "java..")
                .check(product);
    }

    @Test
    void webKnowsNeitherRedisNorAnyServer() {
        noClasses()
                .that()
                .resideInAPackage(WEB)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(REDIS, MODEL, GATEWAY, PUBLISHER, STANDALONE, EMBEDDED)
                .check(product);
    }

    @Test
    void gatewayAndPublisherApiDoNotKnowEachOtherNorWhoStartsThem() {
        noClasses()
                .that()
                .resideInAPackage(GATEWAY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PUBLISHER, STANDALONE, EMBEDDED)
                .check(product);
        noClasses()
                .that()
                .resideInAPackage(PUBLISHER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(GATEWAY, STANDALONE, EMBEDDED)
                .check(product);
    }

    @Test
    void theLoadGeneratorKnowsTheProductByItsWireAlone() {
        noClasses()
                .that()
                .resideInAPackage(LOADTEST)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(REDIS, MODEL, WEB, GATEWAY, PUBLISHER, STANDALONE)
                .check(product);
    }

    @Test
    void theEmbeddedRedisNeedsNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage(EMBEDDED)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(EMBEDDED, "java..")
                .check(product);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("megacomet.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void apiKeysAreComparedInConstantTime() {
        classes()
                .that()
                .haveFullyQualifiedName("megacomet.web.ApiKeys")
                .should()
                .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                .andShould()
                .onlyDependOnClassesThat()
                .doNotHaveFullyQualifiedName("java.util.Arrays")
                .check(product);
    }
}
