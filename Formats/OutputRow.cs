using System.Collections.Immutable;

namespace Platform.Formats;

/// <summary>What one item was scored as.</summary>
/// <param name="Number">The number of its input row.</param>
/// <param name="Outputs">The model's outputs in its order, without the batch dimension.</param>
public sealed record OutputRow(long Number, string ModelVersion, ImmutableArray<RowTensor> Outputs);
