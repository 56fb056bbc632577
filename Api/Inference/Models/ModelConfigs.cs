using Platform.Api.Inference.Protocol;
using Platform.Core.Batching;
using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Api.Inference.Models;

/// <summary>A deployed version in the words of the model configuration extension.</summary>
internal static class ModelConfigs
{
    public static ModelConfig Of(string model, PlacedVersion version)
    {
        var isBatched = HasBatchDimension(version.Signature);
        var config = new ModelConfig
        {
            Name = model,
            Platform = ServerFacts.OnnxPlatform,
            Backend = "onnxruntime",
            VersionPolicy = new ModelVersionPolicy { Latest = new ModelVersionPolicy.Types.Latest { NumVersions = 1 } },
            MaxBatchSize = isBatched ? version.Config.Batching?.MaxBatchSize ?? LatencyCurve.Sizes[^1] : 0,
            InstanceGroup = { Group(model, version.Config) },
            DefaultModelFilename = "model.onnx",
            ModelTransactionPolicy = new ModelTransactionPolicy(),
            Input = { version.Signature.Inputs.Select(input => ToInput(input, isBatched)) },
            Output = { version.Signature.Outputs.Select(output => ToOutput(output, isBatched)) },
        };
        foreach (var (name, value) in version.Signature.Properties) config.Parameters[name] = new ModelParameter { StringValue = value };
        if (isBatched) config.DynamicBatching = Batching(version.Config);
        return config;
    }

    /// <summary>Whether all tensors begin with one and the same free dimension, as far as the graph says.</summary>
    private static bool HasBatchDimension(ModelSignature signature) =>
        signature.Inputs.Length > 0
        && signature.Inputs.Concat(signature.Outputs).All(tensor => tensor.Shape is [-1, ..])
        && signature.Inputs.Concat(signature.Outputs).Select(tensor => tensor.Dimensions[0]).OfType<string>().Distinct().Count() <= 1;

    private static ModelInstanceGroup Group(string model, DeploymentConfig config) => new()
    {
        Name = model,
        Count = config.Replicas ?? 1,
        Kind = config.Device switch
        {
            Device.Cpu => ModelInstanceGroup.Types.Kind.Cpu,
            Device.Cuda or Device.Tensorrt => ModelInstanceGroup.Types.Kind.Gpu,
            _ => ModelInstanceGroup.Types.Kind.Auto,
        },
    };

    private static ModelDynamicBatching Batching(DeploymentConfig config) => new()
    {
        PreferredBatchSize = { config.Batching?.Preferred ?? [] },
        MaxQueueDelayMicroseconds = (ulong)(config.Batching?.MaxQueueDelay ?? TimeSpan.Zero).TotalMicroseconds,
        PriorityLevels = Core.Batching.PriorityLevels.Lowest,
        DefaultPriorityLevel = Core.Batching.PriorityLevels.Default,
        DefaultQueuePolicy = new ModelQueuePolicy
        {
            DefaultTimeoutMicroseconds = (ulong)(config.Limits?.Timeout ?? ServingLimits.DefaultTimeout).TotalMicroseconds,
            AllowTimeoutOverride = true,
            MaxQueueSize = (uint)(config.Limits ?? new ServingLimits()).MaxQueue,
        },
    };

    private static ModelInput ToInput(TensorSignature tensor, bool isBatched) =>
        new() { Name = tensor.Name, DataType = TypeOf(tensor.Datatype), Dims = { Dims(tensor, isBatched) } };

    private static ModelOutput ToOutput(TensorSignature tensor, bool isBatched) =>
        new() { Name = tensor.Name, DataType = TypeOf(tensor.Datatype), Dims = { Dims(tensor, isBatched) } };

    private static IEnumerable<long> Dims(TensorSignature tensor, bool isBatched) => tensor.Shape.Skip(isBatched ? 1 : 0);

    private static DataType TypeOf(string datatype) => datatype == "BYTES"
        ? DataType.TypeString
        : Enum.TryParse<DataType>("Type" + datatype, ignoreCase: true, out var known) ? known : DataType.TypeInvalid;
}
