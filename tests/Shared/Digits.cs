using System.IO.Compression;

namespace Platform.Tests;

/// <summary>The sample models and test images.</summary>
internal static class Digits
{
    public const int Pixels = 28 * 28;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "digits");

    public static byte[] Model(string version) => File.ReadAllBytes(Path.Combine(Folder, $"digits-{version}.onnx"));

    /// <summary>All 2,000 images, pixel / 255.</summary>
    public static float[][] Images()
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Folder, "test-images-idx3-ubyte.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        // The idx header has four big-endian numbers of four bytes.
        return [.. bytes.ToArray().Skip(16).Chunk(Pixels).Select(image => image.Select(pixel => pixel / 255f).ToArray())];
    }
}
