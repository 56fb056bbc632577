using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>A model in memory. Any number of threads may run it at once.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;
    /// <summary>The runtime's own log line on a failure would only repeat what its exception says.</summary>
    private readonly RunOptions runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly RunOptions shrinking = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] inputNames;
    private readonly string[] outputNames;

    private OnnxModel(InferenceSession session, OnnxFile file, string device, int threads)
    {
        this.session = session;
        (Device, Threads) = (device, threads);
        shrinking.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", device == Devices.Cpu ? "cpu:0" : "cpu:0;gpu:0");
        Signature = SignatureReader.Read(session, file);
        Interface = new ModelInterface(Signature, file.Shapeless, SignatureReader.ReadOptional(session));
        inputNames = [.. session.InputNames];
        outputNames = [.. session.OutputNames];
    }

    /// <summary>What runs it: "cpu", "cuda:0".</summary>
    public string Device { get; }

    /// <summary>Threads of one run.</summary>
    public int Threads { get; }

    public ModelSignature Signature { get; }

    public ModelInterface Interface { get; }

    /// <param name="threads">Of one run on the CPU.</param>
    /// <exception cref="UnusableModelException">It cannot be served, or not on that device.</exception>
    /// <param name="cancellation">Stops the runtime while it builds the graph.</param>
    public static OnnxModel Load(byte[] model, Device device, Devices devices, int threads = 1, CancellationToken cancellation = default)
    {
        var file = OnnxFile.Read(model);
        using var options = Sessions.NewOptions(GraphOptimizationLevel.ORT_ENABLE_ALL, threads);
        using var stop = cancellation.Register(() => options.SetLoadCancellationFlag(true));
        var used = devices.Append(options, device);
        var session = Sessions.Open(model, options);
        try
        {
            return new OnnxModel(session, file, used, threads);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model on inputs in the graph's order, optional ones after them, and gives the named outputs in the order asked for.</summary>
    /// <exception cref="ModelRunException">The runtime refused the inputs or failed.</exception>
    public ModelOutputs Run(Tensor[] inputs, ImmutableArray<TensorSpec> outputs) => Run(inputs, outputs, runOptions);

    /// <summary>Runs the model, and gives back what its arenas hold from larger runs before.</summary>
    /// <exception cref="ModelRunException">The runtime refused the inputs or failed.</exception>
    public void RunAndShrink(Tensor[] inputs)
    {
        Run(inputs, Interface.Outputs, shrinking).Dispose();
        NativeHeap.Trim();
    }

    private ModelOutputs Run(Tensor[] inputs, ImmutableArray<TensorSpec> outputs, RunOptions options)
    {
        var values = new OrtValue[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++) values[i] = OrtValues.From(inputs[i]);
            var names = outputs == Interface.Outputs ? outputNames : [.. outputs.Select(output => output.Name)];
            var results = session.Run(options, NamesOf(inputs), values, names);
            return new ModelOutputs([.. outputs.Select((output, i) => new OutputTensor(output, results[i]))], results);
        }
        catch (OnnxRuntimeException e)
        {
            // Operators use the same code for faults inside the graph; those name the node that was running.
            var refusedInputs = e.Message.Contains("InvalidArgument", StringComparison.Ordinal)
                && !e.Message.Contains("while running", StringComparison.Ordinal);
            throw new ModelRunException(e.Message.Trim(), refusedInputs, e);
        }
        finally
        {
            foreach (var value in values) value?.Dispose();
        }
    }

    private string[] NamesOf(Tensor[] inputs) => inputs.Length == inputNames.Length
        ? inputNames
        : [.. inputNames, .. inputs.Skip(inputNames.Length).Select(input => input.Optional!.Name)];

    /// <summary>Ends runs that are under way, and all later ones, with a failure.</summary>
    public void Stop() => runOptions.Terminate = shrinking.Terminate = true;

    public void Dispose()
    {
        session.Dispose();
        runOptions.Dispose();
        shrinking.Dispose();
        NativeHeap.Trim();
    }
}
