using Google.Protobuf;
using Grpc.Core;
using Platform.Api.Inference.Grpc;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Platform.Api.Inference.Protocol;

/// <summary>What would be generated of the service, but with the requests that carry tensors read our way.</summary>
internal static class GrpcInferenceService
{
    /// <summary>Reflection looks for it under this name.</summary>
    public static ServiceDescriptor Descriptor { get; } = InferenceReflection.Descriptor.Services[0];

    /// <summary>ASP.NET Core finds the handlers by the methods' names, and binds before there is a service.</summary>
    public static void Bind(ServiceBinderBase binder, Base? service)
    {
        Unary<ServerLiveRequest, ServerLiveResponse>(binder, "ServerLive");
        Unary<ServerReadyRequest, ServerReadyResponse>(binder, "ServerReady");
        Unary<ModelReadyRequest, ModelReadyResponse>(binder, "ModelReady");
        Unary<ServerMetadataRequest, ServerMetadataResponse>(binder, "ServerMetadata");
        Unary<ModelMetadataRequest, ModelMetadataResponse>(binder, "ModelMetadata");
        Unary<ModelInferRequest, ModelInferResponse>(binder, "ModelInfer", RequestMarshaller.Instance);
        binder.AddMethod(
            new Method<ModelInferRequest, ModelStreamInferResponse>(
                MethodType.DuplexStreaming, Descriptor.FullName, "ModelStreamInfer", RequestMarshaller.Instance, Marshaller<ModelStreamInferResponse>()),
            (DuplexStreamingServerMethod<ModelInferRequest, ModelStreamInferResponse>)null!);
        Unary<ModelConfigRequest, ModelConfigResponse>(binder, "ModelConfig");
        Unary<ModelStatisticsRequest, ModelStatisticsResponse>(binder, "ModelStatistics");
        Unary<RepositoryIndexRequest, RepositoryIndexResponse>(binder, "RepositoryIndex");
        Unary<RepositoryModelLoadRequest, RepositoryModelLoadResponse>(binder, "RepositoryModelLoad");
        Unary<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>(binder, "RepositoryModelUnload");
    }

    private static void Unary<TRequest, TResponse>(ServiceBinderBase binder, string name, Marshaller<TRequest>? requests = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => binder.AddMethod(
            new Method<TRequest, TResponse>(MethodType.Unary, Descriptor.FullName, name, requests ?? Marshaller<TRequest>(), Marshaller<TResponse>()),
            (UnaryServerMethod<TRequest, TResponse>)null!);

    private static Marshaller<T> Marshaller<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

        static void Write(T message, SerializationContext context)
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        }
    }

    [BindServiceMethod(typeof(GrpcInferenceService), nameof(Bind))]
    internal abstract class Base
    {
        public abstract Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context);

        public abstract Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context);

        public abstract Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context);

        public abstract Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context);

        public abstract Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context);

        public abstract Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context);

        public abstract Task ModelStreamInfer(
            IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream, ServerCallContext context);

        public abstract Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context);

        public abstract Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context);

        public abstract Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context);

        public abstract Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context);

        public abstract Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context);
    }
}
