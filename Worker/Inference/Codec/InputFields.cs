using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>What an input of the request says of itself, before it is held against the model.</summary>
internal struct InputFields
{
    private const int MaxRank = 32;

    public TensorSpec? Spec;
    public int Index;
    public Datatype? Datatype;
    public long[]? Shape;
    public long? BinaryBytes;

    /// <summary>Where the data stands in the JSON; -1 where there is none.</summary>
    public int DataPosition;

    /// <summary>The tensor, where its data was read on the way.</summary>
    public Tensor? Tensor;

    /// <summary>Reads one input and leaves its data aside: its type and shape may stand after it.</summary>
    public static InputFields Read(ref JsonCursor cursor, RequestContext context)
    {
        var fields = new InputFields { DataPosition = -1, Index = -1 };
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an input", out var name))
        {
            if (cursor.TryTakeNull()) continue;
            if (name.SequenceEqual("name"u8)) fields.Index = context.FindInput(cursor.ReadString("as an input's name"), out fields.Spec);
            else if (name.SequenceEqual("datatype"u8)) fields.Datatype = ReadDatatype(ref cursor);
            else if (name.SequenceEqual("shape"u8)) fields.Shape = ReadShape(ref cursor);
            else if (name.SequenceEqual("parameters"u8)) fields.ReadParameters(ref cursor);
            else if (name.SequenceEqual("data"u8)) fields.ReadData(ref cursor, context);
            else cursor.SkipValue();
        }

        return fields;
    }

    private void ReadData(ref JsonCursor cursor, RequestContext context)
    {
        if (DataPosition >= 0) cursor.Fail("an input has two fields 'data'");
        cursor.Peek();
        DataPosition = cursor.Position;
        // Nearly every client writes the data last; then it is read at once, and otherwise walked over and read later.
        var canBeRead = Spec is not null && Datatype is not null && Shape is not null && BinaryBytes is null;
        if (canBeRead) Tensor = InputReader.ReadJson(ref cursor, this, context);
        else cursor.SkipValue();
    }

    private static Datatype ReadDatatype(ref JsonCursor cursor)
    {
        var name = cursor.ReadString("as a datatype");
        Span<char> text = stackalloc char[8];
        if (name.Length <= text.Length && System.Text.Unicode.Utf8.ToUtf16(name, text, out _, out var length) == 0
            && Datatypes.TryParse(text[..length], out var datatype)) return datatype;
        cursor.Fail($"an input's datatype is none of {Datatypes.AllNames}");
        return default;
    }

    private static long[] ReadShape(ref JsonCursor cursor)
    {
        Span<long> shape = stackalloc long[MaxRank];
        var rank = 0;
        var isFirst = true;
        while (cursor.TryReadElement(ref isFirst, "in a shape"))
        {
            if (rank == MaxRank) cursor.Fail($"a shape has more than {MaxRank} dimensions");
            var dimension = cursor.ReadLong("as a dimension of a shape");
            if (dimension < 0) cursor.Fail($"a shape has the negative dimension {dimension}; give the tensor's actual size");
            shape[rank++] = dimension;
        }

        return shape[..rank].ToArray();
    }

    private void ReadParameters(ref JsonCursor cursor)
    {
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an input's parameters", out var name))
        {
            if (name.SequenceEqual("binary_data_size"u8))
            {
                BinaryBytes = cursor.ReadLong("as binary_data_size");
                if (BinaryBytes < 0) cursor.Fail("binary_data_size is negative");
            }
            else if (name.StartsWith("shared_memory_"u8)) cursor.Fail("shared memory is not supported; send the tensor in the body");
            else cursor.SkipValue();
        }
    }
}
