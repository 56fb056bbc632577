namespace Platform.SharedState.Workers;

/// <summary>How Apis and silos speak to workers: paths and headers of the internal HTTP interface.</summary>
public static class WorkerProtocol
{
    /// <summary>The key that every internal call carries; a worker refuses a call without it.</summary>
    public const string KeyHeader = "X-Internal-Key";

    /// <summary>The request's id, given by the client or made by the Api.</summary>
    public const string RequestIdHeader = "X-Request-Id";

    /// <summary>By which route of the plan the request came, so that the worker can count it there.</summary>
    public const string RouteHeader = "X-Route";

    /// <summary>On an answer: how long the request waited on the worker, in microseconds.</summary>
    public const string QueueMicrosecondsHeader = "X-Queue-Us";

    /// <summary>On an answer: how long the model ran, in microseconds.</summary>
    public const string ComputeMicrosecondsHeader = "X-Compute-Us";

    /// <summary>On an answer: the request's own part of that time, by its items among those of the batch, in microseconds.</summary>
    public const string ComputeShareMicrosecondsHeader = "X-Compute-Share-Us";

    /// <summary>On an answer: how many items were in the batch it ran in.</summary>
    public const string BatchSizeHeader = "X-Batch-Size";

    /// <summary>On an answer: what was predicted, as <see cref="Core.Quality.PredictionCodec"/> writes it; absent where the version wants none.</summary>
    public const string PredictionsHeader = "X-Predictions";

    /// <summary>On a request: how much of the answer its caller gets, as <see cref="Core.Protection.OutputLimit"/> writes it.</summary>
    public const string LimitHeader = "X-Output-Limit";

    /// <summary>On an answer: what the extraction monitor is to see, as <see cref="Core.Protection.QuerySketch"/> writes it.</summary>
    public const string QueriesHeader = "X-Queries";

    /// <summary>POST: the body of a V2 infer request, passed on as it came.</summary>
    public static string InferPath(string model, string version) => $"/internal/models/{model}/versions/{Uri.EscapeDataString(version)}/infer";

    /// <summary>POST: measures a version; 200 whatever was found, 503 when the worker has no room for one more.</summary>
    public const string ValidatePath = "/internal/validate";

    /// <summary>POST: loads a staged artifact to see whether it can be, and answers with its signature, or 422 with why not.</summary>
    public static string InspectPath(string stagingId) => $"/internal/staged/{stagingId}/inspect";

    /// <summary>GET: what the worker knows of a loaded version's batches; 421 when it has not loaded it.</summary>
    public static string ProfilePath(string model, string version) => $"/internal/models/{model}/versions/{Uri.EscapeDataString(version)}/profile";

    /// <summary>POST: adds what the worker has counted to the platform's statistics; 204 when it is there.</summary>
    public const string FlushStatisticsPath = "/internal/statistics/flush";
}
