using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Digits;

/// <summary>The calls of the platform's HTTP API that the demo makes. An unexpected answer ends the demo with its text.</summary>
internal sealed class PlatformClient : IDisposable
{
    private const int MaxTries = 20;

    private static readonly TimeSpan RetryDefault = TimeSpan.FromSeconds(1);

    private readonly HttpClient http;

    public PlatformClient(DemoSettings settings, HttpMessageHandler? handler = null)
    {
        http = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = settings.Address, Timeout = TimeSpan.FromMinutes(1) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
    }

    public Task<Answer> GetAsync(string path, CancellationToken stop) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), stop);

    public Task<Answer> PostAsync(string path, object body, CancellationToken stop) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, stop);

    public Task<Answer> PostJsonAsync(string path, byte[] json, CancellationToken stop) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(json, "application/json") }, stop);

    public Task<Answer> PutBytesAsync(string path, byte[] bytes, CancellationToken stop) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Put, path) { Content = Content(bytes, "application/octet-stream") }, stop);

    /// <summary>What a stream of server-sent events tells, until it ends or breaks.</summary>
    public async IAsyncEnumerable<JsonElement> EventsAsync(string path, [EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop);
        // Busy or not ready is a reason to come again, as in every call.
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) response.EnsureSuccessStatusCode();
        if (!response.IsSuccessStatusCode) (await Answer.ReadAsync(response, stop)).EnsureSuccess();
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        await foreach (var told in SseParser.Create(body).EnumerateAsync(stop)) yield return JsonElement.Parse(told.Data);
    }

    public void Dispose() => http.Dispose();

    /// <summary>Sends, and sends again while the platform says that it is busy or not ready: each call here may be repeated.</summary>
    private async Task<Answer> SendAsync(Func<HttpRequestMessage> request, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await SendOnceAsync(request(), stop);
            if (answer.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == MaxTries)
                return answer;
            await Task.Delay(answer.RetryAfter ?? RetryDefault, stop);
        }
    }

    private async Task<Answer> SendOnceAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using var sent = request;
            using var response = await http.SendAsync(sent, stop);
            return await Answer.ReadAsync(response, stop);
        }
        catch (HttpRequestException e)
        {
            throw new DemoException($"{http.BaseAddress} cannot be reached: {e.Message} Is the platform running?", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new DemoException($"{request.Method} {request.RequestUri} was not answered within {http.Timeout.TotalSeconds:0} s.", e);
        }
    }

    private static ByteArrayContent Content(byte[] bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
}
