using Tsavorite.core;

namespace Platform.AppHost.Garnet;

/// <summary>Makes every file of Garnet a <see cref="BufferedDevice"/>; names and folders stay Garnet's own.</summary>
internal sealed class BufferedDevices : INamedDeviceFactoryCreator
{
    public INamedDeviceFactory Create(string baseName) => new Factory(baseName);

    private sealed class Factory(string baseName) : INamedDeviceFactory
    {
        private readonly INamedDeviceFactory files = new LocalStorageNamedDeviceFactoryCreator().Create(baseName);

        public IDevice Get(FileDescriptor file)
        {
            var folder = Path.Combine(baseName, file.directoryName ?? "");
            Directory.CreateDirectory(folder);
            return new BufferedDevice(Path.Combine(folder, file.fileName));
        }

        public void Delete(FileDescriptor file) => files.Delete(file);

        public IEnumerable<FileDescriptor> ListContents(string path) => files.ListContents(path);

        public uint GetSectorSize(FileDescriptor file) => BufferedDevice.SectorBytes;
    }
}
