using System.Buffers.Binary;
using System.IO.Compression;

namespace Platform.Digits;

/// <summary>A gzipped file in MNIST's idx format: a big-endian header (type, sizes), then unsigned bytes.</summary>
internal sealed record Idx(int[] Sizes, byte[] Data)
{
    private const byte UnsignedByte = 0x08;

    /// <exception cref="DemoException">The file is absent, or not in the format.</exception>
    public static Idx Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var content = new GZipStream(file, CompressionMode.Decompress);
            return Parse(content);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new DemoException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">The content is not in the format.</exception>
    public static Idx Parse(Stream content)
    {
        Span<byte> word = stackalloc byte[4];
        content.ReadExactly(word);
        if (word is not [0, 0, UnsignedByte, >= 1 and <= 4])
            throw new InvalidDataException("This is no idx file of unsigned bytes.");

        var sizes = new int[word[3]];
        for (var i = 0; i < sizes.Length; i++)
        {
            content.ReadExactly(word);
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(word);
        }

        var data = new byte[sizes.Aggregate(1, (product, size) => checked(product * size))];
        content.ReadExactly(data);
        return content.ReadByte() < 0 ? new(sizes, data) : throw new InvalidDataException("The file is longer than its header says.");
    }
}
