using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>Requests for one image or some, as bytes that can be sent again and again.</summary>
internal static class RawRequest
{
    private const int Pixels = 28 * 28;
    private static readonly float[] Image = MakeImage();

    /// <param name="headers">Whole header lines without their ends.</param>
    /// <param name="headerLength">Of a body that is JSON and then binary; null for one that is all JSON.</param>
    public static byte[] Post(Uri server, string path, byte[] body, int? headerLength, params string[] headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: {body.Length}\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        if (headerLength is null) head.Append("Content-Type: application/json\r\n");
        else head.Append(CultureInfo.InvariantCulture, $"Content-Type: application/octet-stream\r\nInference-Header-Content-Length: {headerLength}\r\n");
        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    /// <summary>A V2 body; its header's length where the image is binary in it.</summary>
    /// <param name="parameters">More members of the request's <c>parameters</c>, each followed by a comma.</param>
    public static (byte[] Body, int? HeaderLength) Body(bool binary, string parameters = "", int images = 1)
    {
        float[] all = [.. Enumerable.Repeat(Image, images).SelectMany(image => image)];
        if (!binary)
        {
            var data = string.Join(',', all.Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)));
            var members = parameters.TrimEnd(',');
            return (Encoding.UTF8.GetBytes($$"""{"parameters":{{{members}}},"inputs":[{"name":"image","shape":[{{images}},1,28,28],"datatype":"FP32","data":[{{data}}]}]}"""), null);
        }

        var header = Encoding.UTF8.GetBytes(
            $$"""{"parameters":{{{parameters}}"binary_data_output":true},"inputs":[{"name":"image","shape":[{{images}},1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{images * Pixels * sizeof(float)}} } }]}""");
        return ([.. header, .. MemoryMarshal.AsBytes<float>(all)], header.Length);
    }

    /// <summary>Grey values as pictures have them: whole 255ths, a third of them not black.</summary>
    private static float[] MakeImage()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Pixels).Select(_ => random.Next(3) == 0 ? random.Next(256) / 255f : 0f)];
    }
}
