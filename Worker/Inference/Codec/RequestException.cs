namespace Platform.Worker.Inference.Codec;

/// <summary>A request cannot be answered as it stands: the status and what to tell the caller.</summary>
internal sealed class RequestException(int status, string message) : Exception(message)
{
    public int Status => status;

    public static RequestException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
