using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The samples as a client has them: models, 2,000 labelled images, and the requests made of these.</summary>
internal static class DigitsData
{
    public const int Pixels = 28 * 28;
    public const int Classes = 10;
    private const int ImagesHeader = 16;
    private const int LabelsHeader = 8;
    private const int MostTries = 5;
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(20);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "digits");
    private static readonly Lazy<byte[]> Images = new(() => Unzip("test-images-idx3-ubyte.gz"));
    private static readonly Lazy<byte[]> Labels = new(() => Unzip("test-labels-idx1-ubyte.gz"));

    public static int Count => BinaryPrimitives.ReadInt32BigEndian(Images.Value.AsSpan(4));

    public static string ModelPath(string version) => Path.Combine(Folder, $"digits-{version}.onnx");

    public static int Label(int index) => Labels.Value[LabelsHeader + index];

    /// <summary>Images as the model takes them: grey values from 0 to 1, row by row.</summary>
    public static float[] Inputs(int first, int count) =>
        [.. Images.Value.AsSpan(ImagesHeader + (first * Pixels), count * Pixels).ToArray().Select(pixel => pixel / 255f)];

    /// <summary>MNIST's own file of the images or the labels.</summary>
    public static async Task<HttpContent> IdxAsync(string part)
    {
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(
            Path.Combine(Folder, part == "images" ? "test-images-idx3-ubyte.gz" : "test-labels-idx1-ubyte.gz")));
        content.Headers.ContentType = new("application/gzip");
        return content;
    }

    public static StringContent Request(int first, int count)
    {
        var body = new StringBuilder($$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[{{count}},1,28,28],"data":[""");
        foreach (var value in Inputs(first, count)) body.Append(value.ToString("R", CultureInfo.InvariantCulture)).Append(',');
        body.Length--;
        return new StringContent(body.Append("]}]}").ToString(), Encoding.UTF8, "application/json");
    }

    public static async Task<float[]> InferAsync(HttpClient api, string model, int first, int count)
    {
        using var response = await api.PostAsync($"/v2/models/{model}/infer", Request(first, count));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];
    }

    /// <summary>Registers a model with one version and its file.</summary>
    public static async Task RegisterAsync(HttpClient api, string model, string version, string file) =>
        await RegisterAsync(api, model, version, await File.ReadAllBytesAsync(ModelPath(file)));

    public static async Task RegisterAsync(HttpClient api, string model, string version, byte[] artifact)
    {
        using var existing = await api.GetAsync($"/v1/models/{model}");
        if (!existing.IsSuccessStatusCode) await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version });
        await api.SendAsync(
            HttpMethod.Put, $"/v1/models/{model}/versions/{version}/artifact",
            () => new ByteArrayContent(artifact) { Headers = { ContentType = new("application/octet-stream") } });
    }

    public static async Task DeployAsync(HttpClient api, string model, string version, string file)
    {
        await RegisterAsync(api, model, version, file);
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/deploy", new { version });
    }

    public static Task<JsonElement> SendJsonAsync(this HttpClient api, HttpMethod method, string path, object? body) =>
        api.SendAsync(method, path, () => body is null ? null : JsonContent.Create(body));

    /// <summary>Sends, expects success, and gives the answer's body; a 503 says that nothing was changed and asks to try again, so it does.</summary>
    private static async Task<JsonElement> SendAsync(this HttpClient api, HttpMethod method, string path, Func<HttpContent?> content)
    {
        var (status, text) = (HttpStatusCode.ServiceUnavailable, "");
        for (var left = MostTries; status is HttpStatusCode.ServiceUnavailable && left > 0; left--)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content() };
            using var response = await api.SendAsync(request);
            (status, text) = (response.StatusCode, await response.Content.ReadAsStringAsync());
            if (response.IsSuccessStatusCode) return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
            if (status is HttpStatusCode.ServiceUnavailable) await Until.TrueAsync(async () => (await api.GetAsync("/v1/models?page_size=1")).IsSuccessStatusCode, RetryLimit, "the control plane to answer again");
        }

        Assert.Fail($"{method} {path}: {status}: {text}");
        return default;
    }

    private static byte[] Unzip(string name)
    {
        using var zipped = new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zipped.CopyTo(plain);
        return plain.ToArray();
    }
}
