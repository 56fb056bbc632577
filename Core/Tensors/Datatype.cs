namespace Platform.Core.Tensors;

/// <summary>Element types of the V2 protocol.</summary>
public enum Datatype
{
    Bool,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Bf16,
    Fp32,
    Fp64,
    Bytes,
}

public static class Datatypes
{
    private static readonly (string Name, int Bytes)[] Table =
    [
        ("BOOL", 1), ("UINT8", 1), ("UINT16", 2), ("UINT32", 4), ("UINT64", 8), ("INT8", 1), ("INT16", 2), ("INT32", 4),
        ("INT64", 8), ("FP16", 2), ("BF16", 2), ("FP32", 4), ("FP64", 8), ("BYTES", 0),
    ];

    public static string AllNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    /// <summary>The protocol's name: "FP32".</summary>
    public static string Name(this Datatype datatype) => Table[(int)datatype].Name;

    /// <summary>Bytes an element; 0 for BYTES, whose elements differ.</summary>
    public static int ElementBytes(this Datatype datatype) => Table[(int)datatype].Bytes;

    public static bool IsFloat(this Datatype datatype) => datatype is Datatype.Fp16 or Datatype.Bf16 or Datatype.Fp32 or Datatype.Fp64;

    public static bool TryParse(ReadOnlySpan<char> name, out Datatype datatype)
    {
        for (var i = 0; i < Table.Length; i++)
        {
            if (!name.SequenceEqual(Table[i].Name)) continue;
            datatype = (Datatype)i;
            return true;
        }

        datatype = default;
        return false;
    }

    public static Datatype Parse(string name) =>
        TryParse(name, out var datatype) ? datatype : throw new FormatException($"'{name}' is none of {AllNames}.");
}
