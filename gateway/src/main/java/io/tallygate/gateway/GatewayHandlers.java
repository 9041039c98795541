package io.tallygate.gateway;

import io.tallygate.gateway.access.ApiKeysHandler;
import io.tallygate.gateway.access.GrantsHandler;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.audit.AuditHandler;
import io.tallygate.gateway.auth.ApiKeyTexts;
import io.tallygate.gateway.delivery.CompareHandler;
import io.tallygate.gateway.delivery.DeliveriesHandler;
import io.tallygate.gateway.delivery.EndpointsHandler;
import io.tallygate.gateway.delivery.PayersHandler;
import io.tallygate.gateway.delivery.RerouteHandler;
import io.tallygate.gateway.delivery.ServedEndpoints;
import io.tallygate.gateway.directory.MeterHandler;
import io.tallygate.gateway.directory.SubscriptionAdminHandler;
import io.tallygate.gateway.directory.SubscriptionsHandler;
import io.tallygate.gateway.export.StreamLimits;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.ingest.HeldRecordsHandler;
import io.tallygate.gateway.ingest.IngestHandler;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.gateway.operations.CollectedSourcesHandler;
import io.tallygate.gateway.operations.CompletenessHandler;
import io.tallygate.gateway.operations.GapsHandler;
import io.tallygate.gateway.operations.MetadataHandler;
import io.tallygate.gateway.operations.ReconciliationHandler;
import io.tallygate.gateway.operations.SourceDeskHandler;
import io.tallygate.gateway.operations.UsageSourcesHandler;
import io.tallygate.gateway.operations.WindowsHandler;
import io.tallygate.gateway.portal.Portal;
import io.tallygate.gateway.registration.CustomerSubscriptionHandler;
import io.tallygate.gateway.registration.RegistrationHandler;
import io.tallygate.gateway.summary.SummaryHandler;
import io.tallygate.gateway.usage.CompleteThrough;
import io.tallygate.gateway.usage.ContinuationTokens;
import io.tallygate.gateway.usage.Standing;
import io.tallygate.gateway.usage.TenantScopes;
import io.tallygate.gateway.usage.UsageAggregatesHandler;
import io.tallygate.gateway.usage.UsageAnswers;
import io.tallygate.routing.desk.BookComparison;
import io.tallygate.routing.desk.EndpointStore;
import io.tallygate.routing.desk.EventDesk;
import io.tallygate.routing.desk.EventStore;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.routing.desk.PayerStore;
import io.tallygate.routing.grant.GrantStore;
import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.routing.payer.MappingPreviewStore;
import io.tallygate.routing.payer.RerouteStore;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.routing.registration.CustomerSubscriptionStore;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.SealedReads;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.collect.CollectDesk;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.collect.CompletenessStore;
import io.tallygate.store.collect.FileProgressStore;
import io.tallygate.store.directory.MeterStore;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.gap.GapStore;
import io.tallygate.store.summary.SummaryStore;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.usage.UsageRecordStore;
import io.tallygate.store.window.UsageSourceStore;
import io.tallygate.store.window.WindowStore;
import java.time.Clock;

/** The handlers of all routes, over one database. */
public record GatewayHandlers(
        UsageAggregatesHandler usage,
        SummaryHandler summary,
        IngestHandler ingest,
        HeldRecordsHandler heldRecords,
        SubscriptionsHandler subscriptions,
        SubscriptionAdminHandler subscriptionAdmin,
        MeterHandler meters,
        RegistrationHandler registrations,
        CustomerSubscriptionHandler customerSubscriptions,
        WindowsHandler windows,
        UsageSourcesHandler sources,
        CollectedSourcesHandler collectedSources,
        SourceDeskHandler sourceDesk,
        CompletenessHandler completeness,
        GapsHandler gaps,
        ReconciliationHandler reconciliation,
        DeliveriesHandler deliveries,
        CompareHandler compare,
        PayersHandler payers,
        EndpointsHandler endpoints,
        RerouteHandler reroute,
        AuditHandler audit,
        MetadataHandler metadata,
        ApiKeysHandler apiKeys,
        GrantsHandler grants,
        Portal portal) {

    /**
     * Makes them all.
     *
     * @param sealed where sealed usage is read, of the same database
     * @param admission lets reports in
     * @param served the endpoints that this gateway delivers to
     * @param portal the portal, or that there is none
     */
    public static GatewayHandlers over(
            Database database,
            SealedReads sealed,
            Partitions partitions,
            GatewayConfig config,
            Clock clock,
            ServedEndpoints served,
            Admission admission,
            Portal portal) {
        PublicAddress address = new PublicAddress(config.trustedProxies());
        SubscriptionStore subscriptions = new SubscriptionStore(database);
        ProviderStore providers = new ProviderStore(database);
        RegistrationStore registrations = new RegistrationStore(database);
        WindowStore windows = new WindowStore(database);
        Dimensions dimensions = new Dimensions();
        RoutedUsageStore routed = new RoutedUsageStore(database, dimensions);
        ContinuationTokens tokens = new ContinuationTokens(config.continuationSecrets());
        UsageAggregatesHandler.Stores usageStores =
                new UsageAggregatesHandler.Stores(subscriptions, providers, windows, routed);
        GrantStore grants = new GrantStore(database);
        TenantScopes tenantScopes = new TenantScopes(subscriptions, registrations, grants);
        ApiKeyStore keys = new ApiKeyStore(database);
        PageLink pages = new PageLink(address);
        HoldDesk holds = new HoldDesk(database);
        RerouteStore reroutes = new RerouteStore(database, partitions, served::acceptsNegative);
        return new GatewayHandlers(
                new UsageAggregatesHandler(
                        usageStores,
                        tenantScopes,
                        tokens,
                        new UsageAnswers(
                                new UsageAggregateStore(sealed, dimensions),
                                routed,
                                tokens,
                                address,
                                new StreamLimits(
                                        config.streams().limit(),
                                        config.streamReads(),
                                        config.streams().idleTimeout()),
                                new Standing(keys, tenantScopes, clock),
                                new CompleteThrough(new CompletenessStore(database), config.operatorSubscription())),
                        config.operatorSubscription(),
                        clock),
                new SummaryHandler(new SummaryStore(sealed), subscriptions, providers, config.operatorSubscription()),
                new IngestHandler(
                        new UsageRecordStore(database, partitions),
                        new UsageRecordParser(clock, config.retention()),
                        config.maxBody(),
                        admission,
                        config.streams().idleTimeout()),
                new HeldRecordsHandler(new HeldRecordStore(database, partitions), address, clock),
                new SubscriptionsHandler(subscriptions),
                new SubscriptionAdminHandler(subscriptions, providers, registrations, config.operatorSubscription()),
                new MeterHandler(new MeterStore(database)),
                new RegistrationHandler(registrations, subscriptions, config.deliveryEndpoints()),
                new CustomerSubscriptionHandler(
                        registrations,
                        new CustomerSubscriptionStore(database),
                        new MappingPreviewStore(database, reroutes),
                        config.cspSubscriptions(),
                        clock),
                new WindowsHandler(windows, routed),
                new UsageSourcesHandler(new UsageSourceStore(database), pages, clock),
                new CollectedSourcesHandler(new CollectStore(database), new FileProgressStore(database), registrations),
                new SourceDeskHandler(new CollectDesk(database), pages),
                new CompletenessHandler(new CompletenessStore(database), registrations, pages),
                new GapsHandler(new GapStore(database), registrations, pages),
                new ReconciliationHandler(new ReconciliationStore(database)),
                new DeliveriesHandler(new EventStore(database), new EventDesk(database), pages),
                new CompareHandler(
                        new BookComparison(database), new EndpointStore(database), config.deliveryEndpoints()),
                new PayersHandler(new PayerStore(database), holds, pages),
                new EndpointsHandler(new EndpointStore(database), served, holds),
                new RerouteHandler(reroutes, registrations),
                new AuditHandler(new AuditStore(database), pages),
                new MetadataHandler(config.endpoints(), address),
                new ApiKeysHandler(keys, new ApiKeyTexts(config.apiKeySecrets()), tenantScopes, grants, pages, clock),
                new GrantsHandler(grants, pages, clock),
                portal);
    }
}
