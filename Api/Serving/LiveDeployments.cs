using System.Diagnostics;
using Platform.Contracts.Models;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Serving;

/// <summary>Waits for what was begun to be in force, so that whoever asked for it finds it so with the next request.</summary>
internal sealed class LiveDeployments(PlanFollower plans, TimeProvider clock)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(5);

    /// <summary>The deployment once this Api routes by it; the refusal if it did not begin or failed.</summary>
    public async Task<Outcome<Deployment>> EndOfAsync(IModelGrain grain, string model, Outcome<Deployment> begun, CancellationToken cancellation)
    {
        if (!begun.Succeeded(out var deployment, out var refusal)) return refusal;
        while (deployment.State is DeploymentState.Loading)
        {
            await Task.Delay(PollPeriod, clock, cancellation);
            deployment = (await grain.GetDeploymentAsync(deployment.Id)).Value
                ?? throw new UnreachableException("A deployment that began is not known any more.");
        }

        if (deployment.State is not DeploymentState.Live)
            return Refusal.CheckFailed($"Version {deployment.Version} was not put to work. {deployment.Reason}");
        await UntilAsync(() => plans.Plans.TryGetValue(model, out var plan) && plan.Revision >= deployment.PlanRevision, cancellation);
        return deployment;
    }

    /// <summary>Waits until this Api's plan of the model holds none of its versions.</summary>
    public Task UntilGoneAsync(string model, CancellationToken cancellation) =>
        UntilAsync(() => !plans.Plans.TryGetValue(model, out var plan) || plan.Versions.IsEmpty, cancellation);

    private async Task UntilAsync(Func<bool> isSo, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (!isSo() && clock.GetElapsedTime(started) < PlanLimit) await Task.Delay(PollPeriod, clock, cancellation);
    }
}
