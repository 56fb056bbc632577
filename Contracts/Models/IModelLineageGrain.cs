using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Contracts.Models;

/// <summary>By whose decision a version of the model answered. Key: the model's name.</summary>
[Alias("platform.modelLineage")]
public interface IModelLineageGrain : IGrainWithStringKey
{
    /// <summary>What led to the version answering under that plan at that time; for removed versions and models too, as far as it is kept.</summary>
    [ReadOnly, Alias("decision")]
    Task<Outcome<DecisionView>> GetDecisionAsync(string version, long planRevision, DateTimeOffset at);
}

/// <param name="Deployment">The deployment that put the version on the workers, as of that plan.</param>
/// <param name="Production">What was in production then, since when, and what made it so; null if nothing was.</param>
/// <param name="Version">The version as it is registered; null if its model is gone.</param>
/// <param name="History">The version's steps up to that time, approvals among them.</param>
public sealed record DecisionView(Deployment? Deployment, ProductionPeriod? Production, VersionView? Version, ImmutableArray<StageStep> History);
