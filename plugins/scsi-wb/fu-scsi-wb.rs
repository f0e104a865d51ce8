// Copyright 2026 the scsi-wb developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: command descriptions
enum FuScsiWbOpcode {
    TestUnitReady = 0x00,
    StartStopUnit = 0x1b,
    SynchronizeCache = 0x35,
    Inquiry = 0x12,
    WriteBuffer = 0x3b,
    ReadBuffer = 0x3c,
    MaintenanceIn = 0xa3,
}

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: WRITE BUFFER, MODE field;
// 0x04 to 0x06 and 0x0d in SPC-4 (INCITS 513): WRITE BUFFER command, MODE field
#[derive(ToString)]
#[repr(u8)]
enum FuScsiWbMode {
    Auto = 0x00, // not on the wire: ask the device
    Download = 0x04,
    DownloadSave = 0x05,
    DownloadOffsets = 0x06,
    DownloadOffsetsSave = 0x07,
    Echo = 0x0a, // no microcode: what is written can be read back
    DownloadOffsetsSelectDefer = 0x0d,
    DownloadOffsetsDefer = 0x0e,
    Activate = 0x0f,
}

// SPC-4 (INCITS 513): standard INQUIRY data, PERIPHERAL DEVICE TYPE field
#[derive(ToString)]
#[repr(u8)]
enum FuScsiWbPeripheralType {
    Disk = 0x00,
    Tape = 0x01,
    Processor = 0x03,
    Optical = 0x05,
    OpticalMemory = 0x07,
    Changer = 0x08,
    Array = 0x0c,
    Enclosure = 0x0d,
    SimplifiedDisk = 0x0e,
    Bridge = 0x10,
    ZonedDisk = 0x14,
    Unknown = 0x1f,
}

// SAM-5 (INCITS 515): status codes
#[derive(ToString)]
#[repr(u8)]
enum FuScsiWbStatus {
    Good = 0x00,
    CheckCondition = 0x02,
    ConditionMet = 0x04,
    Busy = 0x08,
    ReservationConflict = 0x18,
    TaskSetFull = 0x28,
    AcaActive = 0x30,
    TaskAborted = 0x40,
}

// Linux 6.1, include/scsi/scsi_status.h: enum scsi_host_status
#[derive(ToString)]
#[repr(u8)]
enum FuScsiWbHostStatus {
    Ok = 0x00,
    NoConnect = 0x01,
    BusBusy = 0x02,
    TimeOut = 0x03,
    BadTarget = 0x04,
    Abort = 0x05,
    Parity = 0x06,
    Error = 0x07,
    Reset = 0x08,
    BadIntr = 0x09,
    Passthrough = 0x0a,
    SoftError = 0x0b,
    ImmRetry = 0x0c,
    Requeue = 0x0d,
    TransportDisrupted = 0x0e,
    TransportFailfast = 0x0f,
    TransportMarginal = 0x14,
}

// SPC-4 (INCITS 513): sense key field
enum FuScsiWbSenseKey {
    NoSense = 0x00,
    RecoveredError = 0x01,
    NotReady = 0x02,
    MediumError = 0x03,
    HardwareError = 0x04,
    IllegalRequest = 0x05,
    UnitAttention = 0x06,
    DataProtect = 0x07,
    AbortedCommand = 0x0b,
}

// SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES command, one_command parameter data,
// SUPPORT field
enum FuScsiWbSupport {
    Unavailable = 0x00, // the device cannot say it now
    No = 0x01,
    Standard = 0x03,
    Vendor = 0x05, // in a way of its own
}

// what a result means for a microcode download, before its place in the plan is looked at
#[derive(ToString)]
enum FuScsiWbClass {
    Accepted,            // GOOD, NO SENSE or RECOVERED ERROR
    UaReset,             // 06/29: power on or reset, what was staged may be gone
    UaMicrocode,         // 06/3F/01, 06/3F/16
    UaInquiry,           // 06/3F/03: it may be another device now
    UaOther,             // any other unit attention
    DeferredError,       // response code 71h or 73h: of an earlier command, this one did not run
    DeferredRecovered,   // the same, but the earlier command has recovered from it
    BecomingReady,       // 02/04/01 and the like: wait
    NeedsStart,          // 02/04/02
    NoMedium,            // 02/3A: normal for tape and optical drives
    NeedsActivation,     // 02/04/1E
    NeedsImage,          // 02/04/1F: recovery state
    NeedsReset,          // 02/04/20, 02/04/21
    NeedsPowerCycle,     // 02/04/22
    NotAccessible,       // 02/04/0A to 0C: another path
    Sanitizing,          // 02/04/1B
    NotReady,            // any other NOT READY
    OpcodeUnsupported,   // 05/20/00
    CdbField,            // 05/24/00
    ImageRefused,        // 05/26
    ParameterLength,     // 05/1A/00
    Sequence,            // 05/2C/00
    NoResources,         // 05/55/03
    NoPower,             // 05/55/0B
    VendorRefused,       // 05/24/80 to FF: a number of the maker's own
    IllegalRequest,      // any other ILLEGAL REQUEST
    Signature,           // any key, 0B/12 and 0B/13
    EchoOverwritten,     // 05/3F/0F, 0B/3F/0F: the echo buffer holds what another host wrote
    VendorFailed,        // 04/3F/80 to FF: a number of the maker's own
    Internal,            // 04: any other HARDWARE ERROR, also 03: MEDIUM ERROR
    Protected,           // 07: DATA PROTECT
    TransferFailed,      // 0B/47, 0B/48 and 0B/4B: the data were damaged on the way
    Aborted,             // any other ABORTED COMMAND
    OtherSense,          // any other sense key, or a CHECK CONDITION without sense
    Busy,                // BUSY, TASK SET FULL, ACA ACTIVE, and the kernel asking to send again
    Reserved,            // RESERVATION CONFLICT
    TaskAborted,         // TASK ABORTED: by another host
    OtherStatus,         // any other SCSI status, CONDITION MET too: WRITE BUFFER meets none
    Gone,                // DID_NO_CONNECT, transport disrupted, ENODEV, ENXIO
    TimedOut,            // DID_TIME_OUT
    BusError,            // DID_BUS_BUSY, DID_PARITY
    HostReset,           // DID_RESET
    HostAborted,         // DID_ABORT
    HostError,           // DID_ERROR, DID_BAD_INTR and the like
    KernelRefused,       // EINVAL, EFAULT, EIO, EDOM from the ioctl
    KernelMemory,        // ENOMEM, EAGAIN, EBUSY from the ioctl
    KernelUnsupported,   // ENOTTY
    KernelForbidden,     // EPERM, EACCES
    Interrupted,         // EINTR: the command may still run
    Residual,            // GOOD, but not all data were taken
}

// what to do next
#[derive(ToString)]
enum FuScsiWbAction {
    Continue,
    Resend,
    Wait,     // then resend
    Identify, // ask again who the device is, then resend
    Start,    // START STOP UNIT, then resend
    Restart,
    FallBack, // to another mode
    Shrink,   // to smaller segments
    Verify,   // the answer is lost: let the INQUIRY after it decide
    Activate, // MODE 0x0f, then wait
    AwaitReset,
    AwaitPowerCycle,
    Fail,
}

// how the new firmware comes into use
#[derive(ToString)]
enum FuScsiWbActivation {
    Immediate,  // the last segment activates it
    Command,    // MODE 0x0f
    Reboot,     // the next reset of the device
    PowerCycle,
    Never,      // nothing that we know of
}

// what TEST UNIT READY has to say before the first segment
#[derive(ToString, FromString)]
enum FuScsiWbReadiness {
    Unknown, // by peripheral type
    Any,
    Ready,
    NotReady,
}

// SPC-4 (INCITS 513): TEST UNIT READY command
#[derive(New, Default)]
#[repr(C, packed)]
struct FuStructScsiWbTestUnitReadyCdb {
    opcode: u8 == 0x00,
    reserved: [u8; 4],
    control: u8,
}

// SBC-3 (INCITS 514): START STOP UNIT command
#[derive(New, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbStartStopUnitCdb {
    opcode: u8 == 0x1b,
    immed: u8,
    reserved: [u8; 2],
    start: u8, // LOEJ in bit 1, START in bit 0
    control: u8,
}

// SBC-3 (INCITS 514): SYNCHRONIZE CACHE (10) command; all blocks if both numbers are 0
#[derive(New, Default)]
#[repr(C, packed)]
struct FuStructScsiWbSynchronizeCacheCdb {
    opcode: u8 == 0x35,
    immed: u8,
    logical_block_address: u32be,
    group_number: u8,
    number_of_blocks: u16be,
    control: u8,
}

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: INQUIRY
#[derive(New, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbInquiryCdb {
    opcode: u8 == 0x12,
    evpd: u8,
    page_code: u8,
    allocation_length: u16be,
    control: u8,
}

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: WRITE BUFFER
#[derive(New, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbWriteBufferCdb {
    opcode: u8 == 0x3b,
    mode: u8, // MODE SPECIFIC in bits 7:5, MODE in bits 4:0
    buffer_id: u8,
    buffer_offset: u24be,
    parameter_list_length: u24be,
    control: u8,
}

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: READ BUFFER
#[derive(New, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbReadBufferCdb {
    opcode: u8 == 0x3c,
    mode: u8, // MODE SPECIFIC in bits 7:5, MODE in bits 4:0
    buffer_id: u8,
    buffer_offset: u24be,
    allocation_length: u24be,
    control: u8,
}

// SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES command, MAINTENANCE IN with a service
// action; sg3_utils, src/sg_opcodes.c: do_rsoc()
#[derive(New, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbReportOpcodeCdb {
    opcode: u8 == 0xa3,
    service_action: u8 == 0x0c,
    options: u8, // RCTD in bit 7, REPORTING OPTIONS in bits 2:0
    requested_opcode: u8 == 0x3b,
    requested_service_action: u16be,
    allocation_length: u32be,
    reserved: u8,
    control: u8,
}

// SPC-4 (INCITS 513): standard INQUIRY data
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbInquiry {
    peripheral: u8, // qualifier in bits 7:5, device type in bits 4:0
    removable: u8,
    version: u8,
    response_format: u8,
    additional_length: u8,
    reserved: [u8; 3],
    vendor: [char; 8],
    product: [char; 16],
    revision: [char; 4],
}

// SPC-4 (INCITS 513): vital product data parameters, the header of every page
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbVpdHeader {
    peripheral: u8,
    page_code: u8,
    page_length: u16be,
}

// SPC-4 (INCITS 513): Device Identification VPD page, designation descriptor
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbDesignator {
    code_set: u8,    // PROTOCOL IDENTIFIER in bits 7:4, CODE SET in bits 3:0
    association: u8, // ASSOCIATION in bits 5:4, DESIGNATOR TYPE in bits 3:0
    reserved: u8,
    length: u8,
}

// SPC-4 (INCITS 513): Extended INQUIRY Data VPD page, as far as it is about microcode;
// sg3_utils, src/sg_vpd_common.c
#[derive(Parse, Getters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbVpdExtended {
    peripheral: u8,
    page_code: u8 == 0x86,
    page_length: u16be,
    activate: u8, // ACTIVATE MICROCODE in bits 7:6
    reserved1: [u8; 4],
    multi_it_nexus: u8, // MULTI I_T NEXUS MICROCODE DOWNLOAD in bits 3:0
    reserved2: [u8; 2],
    events: u8, // POA_SUP, HRA_SUP, VSA_SUP, DMS_VALID in bits 7:4
    reserved3: [u8; 6],
    modes: u8, // DM_MD_4, 5, 6, 7, D, E, F in bits 7:1
}

// SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES command, one_command parameter data;
// MLU in SPC-5 (INCITS 502); sg3_utils, src/sg_opcodes.c: list_one()
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbOneCommand {
    reserved: u8,
    support: u8, // CTDP in bit 7, MLU in bits 6:5, SUPPORT in bits 2:0
    cdb_size: u16be,
}

// SPC-4 (INCITS 513): one_command parameter data, CDB USAGE DATA field: the opcode, then a mask of
// the bits that the device looks at
#[derive(Parse, Getters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbWriteBufferUsage {
    opcode: u8 == 0x3b,
    mode: u8, // MODE SPECIFIC in bits 7:5, MODE in bits 4:0
    buffer_id: u8,
    buffer_offset: u24be,
    parameter_list_length: u24be,
    control: u8,
}

// SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES command, command timeouts descriptor, with
// the COMMAND SPECIFIC field of WRITE BUFFER; sg3_utils, src/sg_opcodes.c:
// decode_cmd_timeout_desc()
#[derive(Parse, Getters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbTimeouts {
    descriptor_length: u16be == 0x000a,
    reserved: u8,
    limited_s: u8,
    nominal_s: u32be,
    recommended_s: u32be,
}

// SCSI Commands Reference Manual, Seagate 100293068, Rev. J: READ BUFFER, descriptor mode
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbBufferDescriptor {
    offset_boundary: u8, // the exponent of a power of two
    buffer_capacity: u24be,
}

// SPC-4 (INCITS 513): READ BUFFER command, echo buffer descriptor mode
#[derive(Parse, Getters)]
#[repr(C, packed)]
struct FuStructScsiWbEchoDescriptor {
    ebos: u8, // in bit 0: no other initiator overwrites it unnoticed
    reserved: u8,
    buffer_capacity: u16be, // in bits 12:0
}

// FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: struct fw_ibm_tape_fw_header
#[derive(New, Parse, Getters, Setters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbIbmTapeHeader {
    unspecified: [u8; 4],
    length: u32be, // of the file: header and firmware
    load_id: u32be,
    revision: [char; 4],
    reserved: [u8; 8],
    ru_name: u64be,
}

// FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: struct fw_ibm_tape_fw_designation, VPD page 03h
#[derive(Parse, Getters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbIbmTapePage {
    peripheral: u8,
    page_code: u8 == 0x03,
    reserved: u8,
    page_length: u8,
    ascii_length: u8,
    reserved2: [u8; 3],
    load_id: u32be,
    revision: [char; 4],
    ptf_number: [char; 4],
    patch_number: [char; 4],
    ru_name: u64be,
}

// SPC-5 (INCITS 502): microcode activation sense data descriptor; sg3_utils, lib/sg_lib.c:
// sg_get_sense_descriptors_str()
#[derive(Parse, Getters, Default)]
#[repr(C, packed)]
struct FuStructScsiWbSenseActivation {
    descriptor_type: u8 == 0x0f,
    additional_length: u8,
    reserved: [u8; 4],
    activation_s: u16be,
}
