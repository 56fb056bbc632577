using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Models.Validations;
using Platform.Core.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Workers;

namespace Platform.Silo.Validations;

/// <summary>What came of asking a worker: a measurement, "not now", or why it broke off.</summary>
internal sealed record MeasuringAnswer(Measurement? Measured, bool IsBusy, string? Fault);

/// <summary>Has workers measure versions.</summary>
internal sealed class MeasuringWorkers(
    WorkerDirectory directory, IOptions<InternalAccessOptions> access, IOptions<ValidationOptions> options, TimeProvider clock) : IDisposable
{
    private readonly HttpMessageInvoker connections = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(1),
    });

    /// <summary>The least busy worker, rather one that has not been tried; null while there is none.</summary>
    public WorkerLease? Pick(IReadOnlySet<string> tried) => directory.Workers
        .Where(worker => !worker.Draining)
        .OrderBy(worker => tried.Contains(worker.Id))
        .ThenBy(worker => worker.QueueDepth)
        .FirstOrDefault();

    public async Task<MeasuringAnswer> MeasureAsync(WorkerLease worker, MeasurementRequest what, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Value.AttemptLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(worker.Address, WorkerProtocol.ValidatePath));
        request.Headers.Add(WorkerProtocol.KeyHeader, access.Value.InternalKey);
        request.Content = JsonContent.Create(what, options: PlatformJson.Options);
        try
        {
            using var response = await connections.SendAsync(request, either.Token);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable) return new(null, IsBusy: true, null);
            if (response.StatusCode is HttpStatusCode.OK)
                return new((await response.Content.ReadFromJsonAsync<Measurement>(PlatformJson.Options, either.Token))!, false, null);
            return new(null, false, $"Worker {worker.Id} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(either.Token)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(null, false, $"Worker {worker.Id} broke off: {e.Message}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(null, false, $"Worker {worker.Id} did not end within {options.Value.AttemptLimit}.");
        }
    }

    public void Dispose() => connections.Dispose();
}
