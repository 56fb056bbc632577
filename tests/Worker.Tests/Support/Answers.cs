using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Worker.Tests.Support;

internal static class Answers
{
    public static async Task<string> TextAsync(this HttpResponseMessage response) =>
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response)
    {
        var text = await response.TextAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The message of a refusal with that status.</summary>
    public static async Task<string> ErrorAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.TextAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        return (string)JsonNode.Parse(text)!["error"]!;
    }
}
