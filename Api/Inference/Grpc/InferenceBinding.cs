using Grpc.Core;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

/// <summary>Binds the service as generated code does, but has the messages that carry tensors read our way.</summary>
internal static class InferenceBinding
{
    public static void Bind(ServiceBinderBase binder, InferenceService service) =>
        GRPCInferenceService.BindService(new Binder(binder), service);

    private sealed class Binder(ServiceBinderBase inner) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(Ours(method), handler!);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => inner.AddMethod(Ours(method), handler!);

        private static Method<TRequest, TResponse> Ours<TRequest, TResponse>(Method<TRequest, TResponse> method)
            where TRequest : class
            where TResponse : class =>
            RequestMarshaller.Instance is Marshaller<TRequest> ours
                ? new(method.Type, method.ServiceName, method.Name, ours, method.ResponseMarshaller)
                : method;
    }
}
