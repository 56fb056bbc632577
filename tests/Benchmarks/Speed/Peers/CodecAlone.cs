using Platform.Benchmarks.Speed.Load;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>What reading a request and writing its answer cost without anything else, in microseconds.</summary>
internal static class CodecAlone
{
    private const int Times = 20_000;
    private static readonly RequestLimits Limits = new(64, 10_000_000, 100);

    public static double MeasureUs(SpeedModel model, bool binary)
    {
        var (bytes, headerLength) = RawRequest.Body(binary);
        using var loaded = OnnxModel.Load(SpeedModels.Read(model), Platform.Core.Serving.Device.Cpu, new Devices());
        using var body = RequestBody.OfLength(bytes.Length, headerLength);
        bytes.CopyTo(body.Bytes);
        using var first = RequestReader.Read(model.Name, loaded.Interface, body, Limits);
        using var outputs = loaded.Run(first.Inputs, first.OutputSpecs);
        for (var i = 0; i < Times / 10; i++) ReadAndWrite(model, loaded.Interface, body, outputs);
        var before = ThreadCpu.Now();
        for (var i = 0; i < Times; i++) ReadAndWrite(model, loaded.Interface, body, outputs);
        return (ThreadCpu.Now() - before).TotalMicroseconds / Times;
    }

    private static void ReadAndWrite(SpeedModel model, ModelInterface tensors, RequestBody body, ModelOutputs outputs)
    {
        using var request = RequestReader.Read(model.Name, tensors, body, Limits);
        using var answer = ResponseBody.Write(model.Name, model.Sample, null, outputs.Tensors, request.Outputs);
    }
}
