using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;

namespace Platform.Api.Inference.Grpc;

internal static class GrpcServices
{
    public static IServiceCollection AddInferenceGrpc(this IServiceCollection services)
    {
        // Otherwise gRPC claims every two-part path, and a wrong method there would be "not found".
        services.AddGrpc(grpc => grpc.IgnoreUnknownServices = true).AddServiceOptions<InferenceService>(grpc =>
        {
            // The first is the outermost: it sees the status that the second makes of an exception.
            grpc.Interceptors.Add<GrpcMeasuring>();
            grpc.Interceptors.Add<GrpcFaults>();
        });
        services.AddSingleton<GrpcMeasuring>();
        services.AddOptions<GrpcServiceOptions<InferenceService>>().Configure<IOptions<InferenceOptions>>((grpc, inference) =>
        {
            grpc.MaxReceiveMessageSize = inference.Value.MaxGrpcMessageBytes;
            // What a model gives is never cut off by its own server.
            grpc.MaxSendMessageSize = null;
        });
        services.AddGrpcHealthChecks();
        services.AddGrpcReflection();
        return services.AddSingleton<InferenceService>();
    }

    public static void MapInferenceGrpc(this WebApplication app)
    {
        app.MapGrpcService<InferenceService>().Add(AllowLargeMessages);
        app.MapGrpcHealthChecksService().AllowAnonymous();
        app.MapGrpcReflectionService().AllowAnonymous();
    }

    /// <summary>gRPC has a limit of its own for each message; the server's, for all of a call's body, would end long streams.</summary>
    private static void AllowLargeMessages(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
            return inner(context);
        };
    }
}
