using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

/// <summary>The one experiment that may have the model's traffic split.</summary>
/// <param name="Salt">Hashed with routing keys; another experiment's arms are another draw.</param>
/// <param name="Versions">Those of the arms.</param>
/// <param name="Brought">Those of them that workers did not hold before.</param>
/// <param name="Routes">How traffic is split, once it is.</param>
/// <param name="Plan">What Apis count by; its beginning is set when traffic is split.</param>
internal sealed record ActiveExperiment(
    string Name, string Salt, ImmutableArray<string> Versions, ImmutableArray<string> Brought, ImmutableArray<PlannedRoute> Routes,
    ExperimentPlan Plan, DateTimeOffset AskedAt, bool IsSplit = false);
