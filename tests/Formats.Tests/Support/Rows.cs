using System.Buffers.Binary;
using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Tensors;

namespace Platform.Formats.Tests.Support;

/// <summary>Random rows of outputs of every datatype, and of shapes that hold one element, several, none or any number.</summary>
internal static class Rows
{
    public static readonly string[] Datatypes =
        ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];

    private static Gen<string> Datatype => Gen.Int[0, Datatypes.Length - 1].Select(i => Datatypes[i]);

    /// <summary>Tensors of models; the second has a free dimension where it may.</summary>
    public static Gen<(string Name, string Datatype, long[] Item)[]> Specs(bool free) =>
        from one in Datatype
        from two in Datatype
        from size in Gen.Long[1, 4]
        from isFree in Gen.Bool
        select new (string, string, long[])[] { ("a", one, size == 1 ? [] : [size]), ("b_1", two, free && isFree ? [-1] : [2, size]) };

    public static Gen<OutputRow[]> Of((string Name, string Datatype, long[] Item)[] specs) =>
        Tensors(specs).Array[0, 12].Select(rows => rows.Select((row, number) => new OutputRow(number, "2.0.0-rc.1+x", [.. row])).ToArray());

    public static Gen<RowTensor[]> Tensors(params (string Name, string Datatype, long[] Item)[] specs) =>
        specs.Aggregate(Gen.Const(Array.Empty<RowTensor>()), (before, spec) => Gen.Select(before, Tensor(spec)).Select(both => (RowTensor[])[.. both.Item1, both.Item2]));

    /// <summary>A free dimension has any size in formats that can tell; where it must be equal for all, it is given.</summary>
    private static Gen<RowTensor> Tensor((string Name, string Datatype, long[] Item) spec) =>
        from size in Gen.Long[0, 5]
        let shape = spec.Item.Select(dimension => dimension < 0 ? size : dimension).ToImmutableArray()
        from elements in Element(spec.Datatype).Array[(int)shape.Aggregate(1L, (product, dimension) => product * dimension)]
        select new RowTensor(spec.Name, Core.Tensors.Datatypes.Parse(spec.Datatype), shape, elements.SelectMany(bytes => bytes).ToArray());

    private static Gen<byte[]> Element(string datatype) => datatype switch
    {
        "BOOL" => Gen.Bool.Select(value => new[] { (byte)(value ? 1 : 0) }),
        "BYTES" => Gen.OneOf(Gen.Byte.Array[0, 6], Gen.String[0, 6].Select(System.Text.Encoding.UTF8.GetBytes), Gen.Const("base64:"u8.ToArray()), Gen.Const("a,\"b\"\r\n"u8.ToArray()))
            .Select(bytes => (byte[])[.. Prefix(bytes.Length), .. bytes]),
        // Every bit pattern but those of NaN, of which only one survives as text.
        "FP16" => Gen.UShort.Where(bits => !Half.IsNaN(BitConverter.UInt16BitsToHalf(bits))).Select(BitConverter.GetBytes),
        "BF16" => Gen.UShort.Where(bits => !float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits << 16))).Select(BitConverter.GetBytes),
        "FP32" => Gen.UInt.Where(bits => !float.IsNaN(BitConverter.UInt32BitsToSingle(bits))).Select(BitConverter.GetBytes),
        "FP64" => Gen.ULong.Where(bits => !double.IsNaN(BitConverter.UInt64BitsToDouble(bits))).Select(BitConverter.GetBytes),
        _ => Gen.Byte.Array[Core.Tensors.Datatypes.Parse(datatype).ElementBytes()],
    };

    private static byte[] Prefix(int length)
    {
        var prefix = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, length);
        return prefix;
    }
}
