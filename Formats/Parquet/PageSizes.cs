namespace Platform.Formats.Parquet;

/// <summary>The pages of a column in a row group, by their headers.</summary>
internal static class PageSizes
{
    private const int DataPage = 0;
    private const int DataPageV2 = 3;

    /// <summary>Sees that the pages lie in the chunk, are as large as they may be and hold as many values as the footer says.</summary>
    /// <exception cref="FormatException">They do not.</exception>
    public static void Check(ReadOnlySpan<byte> chunk, long values, long maxBytes)
    {
        while (values > 0)
        {
            if (chunk.IsEmpty) throw new FormatException($"{values} values are missing");
            var walk = new CompactWalk(chunk);
            var page = Header(ref walk);
            if (page.Uncompressed < 0 || page.Uncompressed > maxBytes) throw new FormatException($"a page is said to have {page.Uncompressed} bytes");
            if (page.Compressed < 0 || page.Compressed > chunk.Length - walk.At) throw new FormatException("a page reaches beyond its column");
            if (page.Type is DataPage or DataPageV2)
            {
                if (page.Values < 0 || page.Values > values) throw new FormatException($"a page is said to have {page.Values} values");
                values -= page.Values;
            }

            chunk = chunk[(walk.At + page.Compressed)..];
        }
    }

    private static (int Type, int Uncompressed, int Compressed, int Values) Header(ref CompactWalk walk)
    {
        var (type, uncompressed, compressed, values) = (-1, -1, -1, -1);
        var id = 0;
        while (walk.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: type = walk.Int32(field); break;
                case 2: uncompressed = walk.Int32(field); break;
                case 3: compressed = walk.Int32(field); break;
                // The headers of data pages of both versions begin with their number of values.
                case 5 or 8: values = Values(ref walk); break;
                default: walk.Skip(field); break;
            }
        }

        return (type, uncompressed, compressed, values);
    }

    private static int Values(ref CompactWalk walk)
    {
        var (values, id) = (-1, 0);
        while (walk.NextField(ref id, out var field))
        {
            if (id == 1) values = walk.Int32(field);
            else walk.Skip(field);
        }

        return values;
    }
}
