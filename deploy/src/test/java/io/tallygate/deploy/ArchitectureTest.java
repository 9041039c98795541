package io.tallygate.deploy;

import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The rules of the architecture that a compiler does not hold. */
@AnalyzeClasses(packages = "io.tallygate", importOptions = ArchitectureTest.MainCode.class)
final class ArchitectureTest {
    private static final String STORE = "io.tallygate.store..";
    private static final String ROUTING = "io.tallygate.routing..";
    private static final String GATEWAY = "io.tallygate.gateway..";
    private static final String DEPLOY = "io.tallygate.deploy..";

    /** No tests, neither as classes nor as a jar. */
    static final class MainCode implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.tallygate.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STORE_KNOWS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage(STORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROUTING, GATEWAY, DEPLOY);

    @ArchTest
    static final ArchRule ROUTING_KNOWS_ONLY_THE_STORE = noClasses()
            .that()
            .resideInAPackage(ROUTING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, DEPLOY);

    @ArchTest
    static final ArchRule THE_GATEWAY_DOES_NOT_KNOW_WHO_DEPLOYS_IT = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(DEPLOY);

    @ArchTest
    static final ArchRule THE_GATEWAY_KNOWS_NO_SQL = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..", "org.postgresql..", "org.flywaydb..");

    @ArchTest
    static final ArchRule THE_STORE_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAPackage(STORE)
            .should()
            .dependOnClassesThat(DescribedPredicate.and(
                    JavaClass.Predicates.resideInAPackage("io.vertx.core.http.."),
                    // Of all places, Vert.x keeps there what a full pool of connections fails with.
                    DescribedPredicate.not(JavaClass.Predicates.equivalentTo(ConnectionPoolTooBusyException.class))))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx.ext.web..", "io.vertx.circuitbreaker..", "io.vertx.ext.auth..", "java.net.http..");

    @ArchTest
    static final ArchRule ONLY_THESE_CALL_OUT = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tallygate.routing.outbound..",
                    "io.tallygate.gateway.auth..",
                    "io.tallygate.deploy.client..",
                    "io.tallygate.deploy.demo..")
            .should()
            .dependOnClassesThat(nameStartsWith("io.vertx.core.http.HttpClient", "io.vertx.ext.web.client."))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..");

    @ArchTest
    static final ArchRule ONLY_DEPLOY_READS_ITS_SURROUNDINGS = noClasses()
            .that()
            .resideOutsideOfPackage(DEPLOY)
            .and()
            // They write into the directory that they are given.
            .doNotHaveFullyQualifiedName("io.tallygate.routing.commerce.FileDelivery")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(
                            HasOwner.Predicates.With.<JavaClass>owner(JavaClass.Predicates.equivalentTo(System.class)))
                    .and(JavaCall.Predicates.target(
                            HasName.Predicates.nameMatching("getenv|getProperty|getProperties"))))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    Files.class,
                    File.class,
                    FileChannel.class,
                    FileInputStream.class,
                    FileOutputStream.class,
                    FileReader.class,
                    FileWriter.class,
                    RandomAccessFile.class);

    @ArchTest
    static final ArchRule ONLY_DEPLOY_CREATES_VERTX = noClasses()
            .that()
            .resideOutsideOfPackage(DEPLOY)
            .should()
            .callMethod(Vertx.class, "vertx")
            .orShould()
            .callMethod(Vertx.class, "vertx", VertxOptions.class)
            .orShould()
            .callMethod(Vertx.class, "builder");

    @ArchTest
    static final ArchRule THERE_IS_ONE_KIND_OF_FUTURE =
            noClasses().should().dependOnClassesThat().belongToAnyOf(CompletableFuture.class, CompletionStage.class);

    @ArchTest
    static final ArchRule NOTHING_BLOCKS_ON_THE_SERVER_SIDE = noClasses()
            .that()
            .resideInAnyPackage(STORE, ROUTING, GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks..")
            .orShould()
            .dependOnClassesThat(nameStartsWith(
                    "java.util.concurrent.CountDownLatch",
                    "java.util.concurrent.CyclicBarrier",
                    "java.util.concurrent.Executor",
                    "java.util.concurrent.Semaphore",
                    "java.util.concurrent.Phaser",
                    "java.util.concurrent.ForkJoin",
                    "java.util.concurrent.ArrayBlockingQueue",
                    "java.util.concurrent.LinkedBlocking",
                    "java.util.concurrent.BlockingQueue",
                    "java.util.concurrent.ThreadPool"))
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Future.class, "await")
            .orShould()
            .callMethod(Future.class, "await", long.class, TimeUnit.class);

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .doNotHaveSimpleName("package-info")
            .and(DescribedPredicate.not(enumConstantBody()))
            .should(have(HasModifiers.Predicates.modifier(JavaModifier.FINAL)));

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper");

    private ArchitectureTest() {}

    private static DescribedPredicate<JavaClass> nameStartsWith(String... prefixes) {
        return DescribedPredicate.describe(
                "named " + String.join("… or ", prefixes) + "…",
                found -> Arrays.stream(prefixes).anyMatch(found.getName()::startsWith));
    }

    private static DescribedPredicate<JavaClass> enumConstantBody() {
        return DescribedPredicate.describe(
                "bodies of enum constants",
                found -> found.getRawSuperclass().filter(JavaClass::isEnum).isPresent());
    }
}
