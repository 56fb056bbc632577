using Microsoft.ML.OnnxRuntime;
using Platform.Core.Serving;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Platform.Worker.Onnx;

/// <summary>Which accelerators this process can use, found out once.</summary>
internal sealed class Devices
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda:0";
    private const int DeviceId = 0;

    private readonly Lazy<string?> cudaFault = new(
        () => FaultOf("CUDAExecutionProvider", options => options.AppendExecutionProvider_CUDA(DeviceId)));

    private readonly Lazy<string?> tensorrtFault = new(
        () => FaultOf("TensorrtExecutionProvider", options => options.AppendExecutionProvider_Tensorrt(DeviceId)));

    /// <summary>What the process says of itself.</summary>
    public string Name => CudaFault is null ? Cuda : Cpu;

    /// <summary>Why CUDA cannot be used; null when it can.</summary>
    public string? CudaFault => cudaFault.Value;

    /// <summary>Appends the providers that <paramref name="device"/> stands for and names what will run the model.</summary>
    /// <exception cref="UnusableModelException">The device was demanded and is not there.</exception>
    public string Append(SessionOptions options, Device device)
    {
        switch (device)
        {
            case Device.Cpu:
                return Cpu;
            case Device.Auto when CudaFault is not null:
                return Cpu;
            case Device.Tensorrt:
                Demand(device, tensorrtFault.Value);
                options.AppendExecutionProvider_Tensorrt(DeviceId);
                // TensorRT hands what it cannot compile to CUDA.
                if (CudaFault is null) options.AppendExecutionProvider_CUDA(DeviceId);
                return Cuda;
            default:
                Demand(device, CudaFault);
                options.AppendExecutionProvider_CUDA(DeviceId);
                return Cuda;
        }
    }

    private static void Demand(Device device, string? fault)
    {
        if (fault is not null)
            throw new UnusableModelException($"The device '{device.ToString().ToLowerInvariant()}' was demanded, but {fault}. "
                + "Deploy with device 'auto' or 'cpu', or on a worker that has it.");
    }

    private static string? FaultOf(string provider, Action<SessionOptions> append)
    {
        var available = OrtEnv.Instance().GetAvailableProviders();
        if (!available.Contains(provider)) return $"this build of ONNX Runtime has no {provider} (it has {string.Join(", ", available)})";
        try
        {
            using var options = new SessionOptions();
            append(options);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"{provider} did not load: {e.Message.Trim()}";
        }
    }
}
