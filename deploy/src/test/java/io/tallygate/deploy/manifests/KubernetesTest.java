package io.tallygate.deploy.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.MigrationSettings;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests for Kubernetes: what its types and the program say of them, without a cluster. */
final class KubernetesTest {
    private static final Path ROOT = Path.of("kubernetes");
    private static final Path BASE = ROOT.resolve("base");
    private static final Path MOUNTED = Path.of("/etc/tallygate/tallygate.yaml");
    private static final Map<String, Class<?>> TYPES = Map.of(
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/Job", Job.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);
    private static final Set<String> KUSTOMIZE = Set.of(
            "apiVersion",
            "kind",
            "labels",
            "resources",
            "configMapGenerator",
            "namespace",
            "images",
            "components",
            "patches",
            "replicas");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyManifestIsOfItsTypeAndHasNothingElse(Path file) throws IOException {
        for (JsonNode document : Yaml.documents(file)) {
            String kind = document.path("apiVersion").asText() + "/"
                    + document.path("kind").asText();
            if (TYPES.containsKey(kind)) {
                assertThat(Yaml.typed(document, TYPES.get(kind))).isNotNull();
            } else if (kind.startsWith("kustomize.config.k8s.io/")) {
                kustomization(file, document);
            } else {
                assertThat(file).as("no manifest, then the configuration").hasFileName("tallygate.yaml");
            }
        }
    }

    private static void kustomization(Path file, JsonNode document) {
        assertThat(document.fieldNames()).toIterable().isSubsetOf(KUSTOMIZE);
        Stream.of("resources", "components")
                .flatMap(list -> Yaml.texts(document.path(list)))
                .forEach(named ->
                        assertThat(file.resolveSibling(named).normalize()).exists());
        document.path("patches")
                .forEach(patch -> assertThat(
                                file.resolveSibling(patch.path("path").asText()))
                        .exists());
        document.path("configMapGenerator")
                .forEach(map -> Yaml.texts(map.path("files"))
                        .forEach(named -> assertThat(file.resolveSibling(named)).exists()));
    }

    @Test
    void theBaseHasEveryFileBesideIt() throws IOException {
        Set<String> named = Yaml.texts(
                        Yaml.document(BASE.resolve("kustomization.yaml")).path("resources"))
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(BASE)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.equals("kustomization.yaml"))
                    .allMatch(named::contains);
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void gatewayAndMigrationTakeTheConfigurationThatTheyFind(Path config) throws Exception {
        for (PodSpec pod : List.of(deployment().getSpec().getTemplate().getSpec(), job())) {
            Purpose purpose =
                    pod.getContainers().get(0).getArgs().get(0).equals("serve") ? Purpose.SERVE : Purpose.MIGRATE;
            Deployed deployed = new Deployed(config, MOUNTED, file -> isMounted(pod, file));
            Configuration configuration = deployed.load(environment(pod), purpose);
            assertThat(configuration.warnings()).isEmpty();
            if (purpose == Purpose.SERVE) {
                serves(ServeConfig.from(configuration), pod);
            } else {
                assertThat(MigrationSettings.from(configuration).ownerUser()).isEqualTo("tallygate_owner");
            }
        }
    }

    static List<Path> configurations() {
        return List.of(
                ROOT.resolve("config/tallygate.yaml"), ROOT.resolve("overlays/production/config/tallygate.yaml"));
    }

    private static void serves(ServeConfig config, PodSpec pod) throws IOException {
        Container container = pod.getContainers().get(0);
        assertThat(container.getPorts())
                .extracting("name", "containerPort")
                .containsExactly(
                        tuple("https", config.http().port()),
                        tuple("management", config.management().port()));
        assertThat(config.management().host()).as("probes come from outside").isEqualTo("0.0.0.0");
        assertThat(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()))
                .isGreaterThanOrEqualTo(config.stopTimeout().plusSeconds(5));
        assertThat(config.shutdown().delay())
                .as("longer than the readiness probe takes to notice")
                .isGreaterThan(Duration.ofSeconds(container.getReadinessProbe().getPeriodSeconds() + 5));
        Set<Integer> let = new HashSet<>();
        for (JsonNode policy : Yaml.documents(BASE.resolve("networkpolicy.yaml"))) {
            Yaml.typed(policy, NetworkPolicy.class)
                    .getSpec()
                    .getIngress()
                    .forEach(rule -> rule.getPorts()
                            .forEach(port -> let.add(port.getPort().getIntVal())));
        }
        assertThat(let)
                .containsExactlyInAnyOrder(
                        config.http().port(), config.management().port());
    }

    @Test
    void probesAskWhatTheManagementServerAnswers() throws IOException {
        Container container =
                deployment().getSpec().getTemplate().getSpec().getContainers().get(0);
        for (Probe probe :
                List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())) {
            HTTPGetAction get = probe.getHttpGet();
            assertThat(get.getPath()).isIn("/health/live", "/health/ready");
            assertThat(get.getPort().getStrVal()).isEqualTo("management");
        }
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    }

    /** The restricted profile of the Pod Security Standards, and a root that nobody writes to. */
    @Test
    void podsMayDoNothingThatTheyNeedNot() throws IOException {
        for (PodSpec pod : List.of(deployment().getSpec().getTemplate().getSpec(), job())) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(Images.user());
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            Container container = pod.getContainers().get(0);
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getImage()).isEqualTo("tallygate:0.1.0");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(
                            pod.getVolumes().stream().map(Volume::getName).toList());
        }
    }

    @Test
    void aRolloutNeverTakesAGatewayBeforeAnotherIsThere() throws IOException {
        Deployment deployment = deployment();
        assertThat(deployment
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
        assertThat(deployment.getSpec().getReplicas()).isGreaterThan(1);
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
        for (JsonNode service : Yaml.documents(BASE.resolve("service.yaml"))) {
            assertThat(Yaml.typed(service, Service.class).getSpec().getSelector())
                    .isEqualTo(labels);
        }
    }

    private static Map<String, String> environment(PodSpec pod) {
        List<EnvVar> variables = pod.getContainers().get(0).getEnv();
        return variables.stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    // A file of a Secret: whether the Secret has it is the cluster's matter.
    private static boolean isMounted(PodSpec pod, Path file) {
        return pod.getContainers().get(0).getVolumeMounts().stream()
                .anyMatch(mount -> file.startsWith(mount.getMountPath()) && mount.getReadOnly());
    }

    private static Deployment deployment() throws IOException {
        return Yaml.typed(Yaml.document(BASE.resolve("deployment.yaml")), Deployment.class);
    }

    private static PodSpec job() throws IOException {
        return Yaml.typed(Yaml.document(ROOT.resolve("migrate/job.yaml")), Job.class)
                .getSpec()
                .getTemplate()
                .getSpec();
    }
}
