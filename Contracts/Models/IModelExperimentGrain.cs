using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Experiments;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Contracts.Models;

/// <summary>
/// What the model's grain does for experiments: it alone changes the plan. Every change may be repeated. Key: the
/// model's name.
/// </summary>
[Alias("platform.modelExperiments")]
public interface IModelExperimentGrain : IGrainWithStringKey
{
    /// <summary>Checks an experiment, has workers load its versions, and begins it. One at a time.</summary>
    /// <param name="unitsPerDay">The model's traffic as far as known.</param>
    [Alias("begin")]
    Task<Outcome<ExperimentState>> BeginExperimentAsync(ExperimentSpec spec, double? unitsPerDay, string actor);

    /// <summary>The names of the model's experiments, the newest first.</summary>
    [ReadOnly, Alias("list")]
    Task<Outcome<ExperimentNames>> ListExperimentsAsync();

    /// <summary>Splits traffic among the arms once workers have all their versions ready; says how ready they are.</summary>
    [Alias("split")]
    Task<Outcome<Readiness>> SplitTrafficAsync(string experiment);

    /// <summary>Gives all traffic to production and takes versions that only the experiment needed off the workers.</summary>
    [Alias("release")]
    Task ReleaseTrafficAsync(string experiment);
}

public sealed record ExperimentNames(ImmutableArray<string> Names);
