using Orleans.Configuration;
using Platform.Silo.Storage;

namespace Platform.Silo;

internal static class Clustering
{
    /// <summary>
    /// Orleans, its providers configured by the injected <c>Orleans__*</c> variables. The times are short so that a
    /// silo that died is noticed in seconds, and one whose entry was left behind by a kill does not hold up a start.
    /// </summary>
    public static IHostApplicationBuilder AddSilo(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo
            .AddIncomingGrainCallFilter<StorageFaultFilter>()
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 3;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedTableIAmAliveLimit = 2;
                membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(5);
                membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
            })
            .Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(30)));
        return builder;
    }
}
