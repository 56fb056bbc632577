using System.Runtime.InteropServices;
using CsvHelper;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>A tensor as fields, one an element; each number in the shortest text that only it has.</summary>
internal static class CsvTensorText
{
    public static void Write(CsvWriter csv, RowTensor tensor)
    {
        var rest = tensor.Data.Span;
        while (!rest.IsEmpty) Write(csv, tensor.Datatype, ElementBytes.Next(tensor.Datatype, ref rest));
    }

    private static void Write(CsvWriter csv, Datatype datatype, ReadOnlySpan<byte> element)
    {
        switch (datatype)
        {
            case Datatype.Bool: csv.WriteField(element[0] != 0); break;
            case Datatype.Bytes: csv.WriteField(CsvBytes.ToField(element)); break;
            case Datatype.Fp16: csv.WriteField(MemoryMarshal.Read<Half>(element), default); break;
            case Datatype.Fp32 or Datatype.Bf16: csv.WriteField(ElementBytes.ToSingle(datatype, element), default); break;
            case Datatype.Fp64: csv.WriteField(MemoryMarshal.Read<double>(element), default); break;
            case Datatype.Uint64: csv.WriteField(MemoryMarshal.Read<ulong>(element), default); break;
            default: csv.WriteField(ElementBytes.ToInt64(datatype, element), default); break;
        }
    }
}
