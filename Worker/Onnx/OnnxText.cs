using System.Text;

namespace Platform.Worker.Onnx;

/// <summary>Names in an ONNX file, as far as people will read them.</summary>
internal static class OnnxText
{
    private const int MaxBytes = 1024;

    public static string Read(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content[..Math.Min(content.Length, MaxBytes)]);
}
