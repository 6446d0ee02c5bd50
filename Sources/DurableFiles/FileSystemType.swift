/// Classifies a file system by its suitability for a database with a write-ahead log, locks and fsync. Pure; the name
/// is the kernel's (`findmnt -n -o FSTYPE`).
struct FileSystemType: Equatable {
  enum Verdict: Equatable {
    case accepted
    /// Usable, with a warning for the operator.
    case warned(String)
    /// Unusable without the override, with the reason.
    case refused(String)
  }

  let name: String

  /// Whether its files are on another machine.
  var isNetwork: Bool {
    switch name {
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "afpfs", "lustre", "gfs2", "ocfs2", "webdav",
      "fuse.sshfs":
      true
    default: false
    }
  }

  var verdict: Verdict {
    switch name {
    case "ext4", "ext3", "ext2", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "apfs", "hfs": .accepted
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "afpfs", "lustre", "gfs2", "ocfs2", "vboxsf",
      "webdav":
      .refused("locks and shared memory do not hold across machines there")
    case "virtiofs", "fuse", "fuseblk":
      .refused("whether fsync reaches the disk depends on a program that is not known here")
    case _ where name.hasPrefix("fuse."):
      .refused("whether fsync reaches the disk depends on a program that is not known here")
    case "tmpfs", "ramfs": .warned("it lies in memory, so that a restart of the machine empties it")
    case "overlay", "aufs": .warned("it goes with the container; mount a volume to keep the show")
    case "vfat", "msdos", "exfat": .warned("it has neither a journal nor permissions")
    default: .warned("it is not among those that this program knows")
    }
  }
}
