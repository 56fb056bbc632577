using Platform.Contracts.Models;
using Platform.Core.Compliance;

namespace Platform.Api.Compliance;

/// <summary>All facts of one report. One at a time: each reads the whole audit log.</summary>
internal sealed class ComplianceGathering(PlatformFacts platform, ModelFactsReader models, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task<ComplianceFacts> GatherAsync(ModelView view, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            return new(
                now, view.Name, await models.ModelAsync(view), await models.VersionAsync(view), models.Serving(view), await platform.AuditAsync(cancellation),
                platform.Lineage(), await platform.PrivacyAsync(cancellation), await platform.AccessAsync(view.Name, now), platform.Transport(),
                await models.MonitoringAsync(view));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
