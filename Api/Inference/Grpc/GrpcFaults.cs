using Grpc.Core;
using Grpc.Core.Interceptors;
using Platform.Api.Conventions;

namespace Platform.Api.Inference.Grpc;

/// <summary>The one place where an exception becomes a status.</summary>
internal sealed partial class GrpcFaults(ILogger<GrpcFaults> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw ToStatus(e, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw ToStatus(e, context);
        }
    }

    private RpcException ToStatus(Exception exception, ServerCallContext context)
    {
        if (exception is InvalidRequestException) return GrpcErrors.From(400, exception.Message);
        if (context.CancellationToken.IsCancellationRequested) return GrpcErrors.From(499, "The caller went away or its deadline passed.");
        var (status, detail, _) = ExceptionMapping.Explain(exception);
        if (status is 500) LogUnexpected(exception, context.Method);
        return GrpcErrors.From(status, detail);
    }

    [LoggerMessage(LogLevel.Error, "A call of {Method} failed unexpectedly.")]
    private partial void LogUnexpected(Exception exception, string method);
}
