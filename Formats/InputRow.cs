using System.Collections.Immutable;
using Platform.Core.Tensors;

namespace Platform.Formats;

/// <summary>One item to be scored, or what is wrong with it.</summary>
/// <param name="Number">From 0, in the file's order; faulty rows have one too, empty lines have none.</param>
/// <param name="Tensors">The model's inputs in its order; empty with a fault.</param>
/// <param name="Fault">Why the row cannot be scored; null for one that can.</param>
public sealed record InputRow(long Number, ImmutableArray<RowTensor> Tensors, RowFault? Fault);

/// <summary>One input or output of one item.</summary>
/// <param name="Shape">Without the batch dimension where the model has one (<see cref="Items.ItemLayout.IsBatched"/>).</param>
/// <param name="Data">Row-major, little-endian; BYTES elements each behind their length in 4 bytes, as the V2 protocol sends them.</param>
public sealed record RowTensor(string Name, Datatype Datatype, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Data);

/// <summary>Why one row cannot be scored. The rows after it are not touched by it.</summary>
/// <param name="Reason">A sentence for the owner of the file.</param>
/// <param name="Column">The input, column or element at fault, such as <c>image[3]</c>, where it is one.</param>
public sealed record RowFault(string Reason, string? Column);
