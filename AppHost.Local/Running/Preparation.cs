using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>All that is done, and may be refused, before the first process is started.</summary>
internal sealed class Preparation(DistributedApplicationModel model, PortPlan ports, DataFolder folder, ChildRecord children)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var parameter in model.Resources.OfType<ParameterResource>()) await parameter.GetValueAsync(cancellationToken);
        ports.Make(model.Resources);
        ports.ThrowIfTaken(boundHere: true);
        folder.Hold();
        children.KillLeftovers();
        // Leftovers may have held these.
        ports.ThrowIfTaken(boundHere: false);
    }
}
