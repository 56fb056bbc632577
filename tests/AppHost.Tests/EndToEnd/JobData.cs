using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Batch jobs as a client runs them.</summary>
internal static class JobData
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>The images as JSON Lines, over and over until there are so many rows.</summary>
    public static byte[] Lines(int rows)
    {
        var lines = Enumerable.Range(0, Math.Min(rows, DigitsData.Count)).Select(Line).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++) text.Append(lines[i % lines.Length]).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static async Task<string> CreateAsync(HttpClient api, object spec) =>
        (await api.SendJsonAsync(HttpMethod.Post, "/v1/jobs", spec)).GetProperty("id").GetString()!;

    /// <summary>Sends bytes of the input, all of them or those of a range.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient api, string job, ReadOnlyMemory<byte> bytes, long? first = null, long? total = null)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        if (first is { } from) content.Headers.ContentRange = total is { } all ? new(from, from + bytes.Length - 1, all) : new(from, from + bytes.Length - 1);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await api.PutAsync($"/v1/jobs/{job}/input", content);
    }

    public static Task<JsonElement> GetAsync(HttpClient api, string job) => api.SendJsonAsync(HttpMethod.Get, $"/v1/jobs/{job}", null);

    public static string State(JsonElement job) => job.GetProperty("state").GetString()!;

    public static long RowsDone(JsonElement job) => job.GetProperty("rows_done").GetInt64();

    /// <summary>Waits until the job is as it should be; whatever is being killed meanwhile.</summary>
    public static async Task<JsonElement> UntilAsync(HttpClient api, string job, Func<JsonElement, bool> holds, string what)
    {
        JsonElement last = default;
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await api.GetAsync($"/v1/jobs/{job}");
                if (!answer.IsSuccessStatusCode) return false;
                last = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
                return holds(last);
            },
            Limit, what);
        return last;
    }

    public static Task<JsonElement> UntilEndAsync(HttpClient api, string job) =>
        UntilAsync(api, job, state => State(state) is not ("queued" or "running"), "the job to end");

    /// <summary>The rows of the output or of the errors.</summary>
    public static async Task<JsonElement[]> RowsAsync(HttpClient api, string job, string what) =>
        [.. (await api.GetStringAsync($"/v1/jobs/{job}/{what}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>The digit that the model takes the highest for.</summary>
    public static int ClassOf(IEnumerable<float> probabilities) => probabilities.Select((value, digit) => (value, digit)).Max().digit;

    private static string Line(int index)
    {
        var line = new StringBuilder("{\"image\":[");
        foreach (var value in DigitsData.Inputs(index, 1)) line.Append(value.ToString("R", CultureInfo.InvariantCulture)).Append(',');
        line.Length--;
        return line.Append("]}").ToString();
    }
}
