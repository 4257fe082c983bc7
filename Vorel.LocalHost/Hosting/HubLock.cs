using System.Security.Cryptography;
using System.Text;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Hosting;

/// <summary>
/// Keeps two local hosts of one machine from working on one Durable hub: each would undo what the other writes. The lock is the
/// operating system's, so that it ends with its owner, however that ends.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a hub of a storage account.</summary>
    /// <param name="storage">The account's connection string.</param>
    /// <param name="hub">The hub's name.</param>
    /// <exception cref="IOException">Another local host has it.</exception>
    public static HubLock Take(string storage, string hub)
    {
        var endpoints = storage.Split(';').Where(part => !part.Contains("Key=", StringComparison.OrdinalIgnoreCase));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', endpoints) + "\n" + hub)))[..32];
        var path = Path.Combine(Path.GetTempPath(), $"vorel-hub-{name}.lock");
        try
        {
            return new HubLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new IOException(
                $"Another local host works on the Durable hub '{hub}' of this storage account: stop it, or give this one a storage account or hub name of its own.", taken);
        }
    }

    public static HubLock Take(HostConfiguration configuration, AppSettings settings) =>
        Take(settings.Connection(configuration.Durable.ConnectionName), configuration.Durable.HubName);

    public void Dispose() => _file.Dispose();
}
